const isCi = Boolean(process.env.CI);

module.exports = {
  require: ['tsx/cjs'],
  // No `spec` here: mocha would add it to the files named on the command line, and a single test could not be run alone.
  // Packages that only CI installs lie below test/ and bring tests of their own.
  ignore: ['test/node-red-5/**', 'test/palette-checks/**'],
  // Starting Node-RED takes seconds on a small machine. Nothing else needs that long: sessions run in virtual time.
  timeout: 30_000,
  forbidOnly: isCi,
  // A net, no cure: CI tries a failed test once more, and lists it at its end as unsteady.
  ...(isCi && { retries: 1, reporter: './.ci/reporter.cjs' }),
};
