/** Under this name the gateway's configuration is injected. */
export const CONFIG = Symbol('config');
