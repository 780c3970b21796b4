// Commands say by it how they ended. The tests of one worker share it, also those of several files.
beforeEach(() => {
  process.exitCode = undefined;
});
afterAll(() => {
  process.exitCode = undefined;
});
