import assert from 'node:assert/strict';
import { parseEndpoints, parseGroup } from '../../lib/bytes/endpoints.js';

describe('destinations of peers', () => {
  it('are hosts with ports, separated by commas', () => {
    assert.deepEqual(parseEndpoints('destinations', ' 192.0.2.1:9000 , rtu.example:1,[2001:db8::1]:65535,'), [
      { host: '192.0.2.1', port: 9000 },
      { host: 'rtu.example', port: 1 },
      { host: '2001:db8::1', port: 65_535 },
    ]);
    assert.deepEqual(parseEndpoints('destinations', ''), []);
  });

  it('may be all addresses where one listens', () => {
    assert.deepEqual(parseEndpoints('listen', '*:9000,[*]:9000'), [
      { host: '*', port: 9000 },
      { host: '[*]', port: 9000 },
    ]);
  });

  it('that are none are named', () => {
    for (const text of ['192.0.2.1', '192.0.2.1:0', 'a:65536', '2001:db8::1:9000', 'a b:1', ':1', 'a:1:2'])
      assert.throws(() => parseEndpoints('listen', text), /^TelecontrolError: listen: .*is no host:port/, text);
    assert.throws(() => parseEndpoints('destinations', 'a:1,'.repeat(17)), /16 at most, not 17/);
  });
});

describe('a multicast group', () => {
  it('is 224.0.0.0 to 239.255.255.255', () => {
    assert.equal(parseGroup('224.0.0.0'), '224.0.0.0');
    assert.equal(parseGroup('239.255.255.255'), '239.255.255.255');
    assert.equal(parseGroup(''), undefined);
    for (const text of ['223.255.255.255', '240.0.0.0', 'ff02::1', 'all'])
      assert.throws(() => parseGroup(text), /multicastGroup: .* 224\.0\.0\.0 to 239\.255\.255\.255/, text);
  });
});
