/** Stands for sanitize-html in tests (jest.config.mjs): the real one, loaded by Node itself; see environment.cjs. */
module.exports = globalThis.outsideJest('sanitize-html');
