module.exports = {
  require: ['tsx/cjs'],
  // No `spec` here: mocha would add it to the files named on the command line, and a single test could not be run alone.
  // The packages of the second half of the matrix lie below test/ and bring tests of their own.
  ignore: ['test/node-red-5/**'],
  // Starting Node-RED takes seconds on a small machine. Nothing else needs that long: sessions run in virtual time.
  timeout: 10_000,
  forbidOnly: Boolean(process.env.CI),
};
