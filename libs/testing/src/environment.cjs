const { TestEnvironment } = require('jest-environment-node');

/**
 * Node's own environment, plus modules that Jest's module system cannot load: sanitize-html is CommonJS that requires an
 * ES module, which Node 20.19 can and Jest (before Node 24.9) cannot. `outside-jest.cjs` hands it to who imports it.
 */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.defineProperty(this.global, 'outsideJest', { value: (name) => require(name) });
  }
};
