// Loaded before node-red-dev: what it asks the internet for is answered from what is installed here. So its checks of names
// that others use pass in any case, and all others count.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const axios = require('axios');

const root = join(__dirname, '..', '..');
const version = (folder) =>
  JSON.parse(readFileSync(join(root, folder, 'node_modules', 'node-red', 'package.json'), 'utf8'));
const [maintained, latest] = [version('.'), version(join('test', 'node-red-5'))];

axios.get = async () => ({
  data: {
    modules: [],
    'dist-tags': { latest: latest.version, 'maintenance-4': maintained.version },
    versions: Object.fromEntries([maintained, latest].map((each) => [each.version, { engines: each.engines }])),
  },
});
