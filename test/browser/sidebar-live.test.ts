import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outstation, type OutstationSession } from '../client/outstation.js';
import { Authority, CertificateFolder, needsOpenssl } from '../line/authority.js';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';
import { Editor, needsBrowser } from './editor.js';

describe('the sidebar, with a line over TLS, an instance and a redundant line', function () {
  this.timeout(90_000);
  const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-live-'));
  let folder: CertificateFolder;
  let primary: Outstation;
  let backup: Outstation;
  let first: OutstationSession;
  let second: OutstationSession;
  let nodeRed: NodeRed;
  let editor: Editor;

  before(async function () {
    needsBrowser(this);
    needsOpenssl(this);
    folder = new CertificateFolder();
    const authority = new Authority(folder, 'Grid CA');
    const own = authority.issue('substation-7');
    primary = await Outstation.listen();
    backup = await Outstation.listen();
    const points = [{ ioa: 1, tag: 'a', type: 'M_SP_TB_1' }];
    const station = { parameters: '', points, pointsFile: '', timeZone: 'utc', syncPeriod: '0', address: '1' };
    const flows: FlowNode[] = [
      { id: 'tab', type: 'tab', label: 'Live' },
      { id: 'kom', type: 'kom-process', name: `LIVE.${process.pid}`, instance: '1', coordinator: 'local' },
      {
        id: 'secure',
        type: 'tcp-line',
        name: 'Secure',
        host: '127.0.0.1',
        port: String(await freePort()),
        lineNumber: '0',
        kom: 'kom',
        partnerCertificates: authority.crt,
        myCertificate: own.crt,
        myKey: own.key,
      },
      { id: 'near', type: 'iec104-server-station', name: 'Near', line: 'secure', ...station },
      {
        id: 'both',
        type: 'tcp-line-redundant',
        name: 'Both ways',
        primaryHost: '127.0.0.1',
        primaryPort: String(primary.port),
        useBackup: true,
        backupHost: '127.0.0.1',
        backupPort: String(backup.port),
        lineNumber: '0',
      },
      {
        id: 'far',
        type: 'iec104-client-station',
        name: 'Far',
        redundantLine: 'both',
        line: '',
        ...station,
        parameters: 'WT3=0',
      },
    ];
    nodeRed = await start({ userDir, flows });
    // At once, and without test frames: a browser that starts may take longer than anything that a line waits for.
    first = await (await primary.accept()).serve();
    second = await backup.accept();
    editor = await Editor.open(nodeRed.url);
    await editor.page.evaluate('RED.actions.invoke("telecontrol:show-sidebar")');
  });

  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
    await primary?.close();
    await backup?.close();
    folder?.remove();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('says which instance is active', async () => {
    await editor.page.locator('.telecontrol-sidebar').getByText(`LIVE.${process.pid}`).first().waitFor();
    await editor.page
      .locator('.telecontrol-sidebar')
      .getByText(/active/i)
      .first()
      .waitFor();
  });

  it('moves data transfer of a redundant line at a click: STOPDT here, STARTDT there', async () => {
    const card = editor.page.getByRole('region', { name: 'Both ways' });
    const button = card.getByRole('button', { name: /^Switch/ });
    await button.waitFor();
    await editor.picture('sidebar-redundant');
    await button.click();
    await first.stopped();
    await second.serve();
  });

  it('lists the certificates of the line over TLS, with their end', async () => {
    const { page } = editor;
    await page.getByRole('tab', { name: 'Certificates' }).click();
    const card = page.locator('.telecontrol-certificate').filter({ hasText: 'substation-7' });
    await card.getByText(/^valid until .*, [\d,]+ days$/).waitFor();
    await editor.picture('sidebar-certificates');
    assert.ok((await page.locator('.telecontrol-certificate').count()) >= 2);
  });
});
