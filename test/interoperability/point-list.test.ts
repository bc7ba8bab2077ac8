import assert from 'node:assert/strict';
import { toHtml } from '../../lib/interoperability/html.js';
import { toMarkdown } from '../../lib/interoperability/markdown.js';
import { type PointListFacts, pointList, pointListCsv } from '../../lib/interoperability/point-list.js';
import { compilePoints, type PointInput } from '../../lib/station/points.js';

function factsOf(...points: PointInput[]): PointListFacts {
  const { table, problems } = compilePoints(points.map((point) => ({ point, place: '' })));
  assert.deepEqual(problems, []);
  return { name: 'Sub <station>', commonAddress: 7, points: table };
}

const facts = factsOf(
  { ioa: 300, tag: 'U; "L1"', type: 'M_ME_TF_1', groups: [1, 16], deadband: 0.5 },
  { ioa: '#64', tag: 'Q0 <b>', type: 'M_DP_TB_1' },
  { ioa: 5000, tag: 'Q0 command', type: 'C_DC_NA_1', sbo: true, feedback: 100 },
);

describe('the point list of a station', () => {
  it('is one line for each point, by address, what it sends before what it receives', () => {
    assert.deepEqual(pointListCsv(facts).split('\r\n'), [
      '\uFEFFCommon address,Direction,Object address,Hexadecimal,Tag,Type,Type identification,Meaning,Information elements,Groups,Deadband,' +
        'Select before operate,Feedback address',
      '7,out,100,#64,Q0 <b>,M_DP_TB_1,31,double-point information with long time tag,DIQ CP56Time2a,,,,',
      '7,out,300,#12C,"U; ""L1""",M_ME_TF_1,36,"measured value, short floating point, with long time tag",' +
        'R32 QDS CP56Time2a,1 16,0.5,,',
      '7,in,5000,#1388,Q0 command,C_DC_NA_1,46,double command,DCO,,,yes,100',
      '',
    ]);
    assert.match(pointListCsv(facts, ';'), /\n7;out;300;#12C;"U; ""L1""";M_ME_TF_1;36;/);
  });

  it('keeps tags that begin as formulas do from being some', () => {
    const tags = ['=1+1', '+A', '-Q0', '@B', 'A=1', '=x,y'];
    const text = pointListCsv(factsOf(...tags.map((tag, i) => ({ ioa: i + 1, tag, type: 'M_SP_NA_1' }))));
    assert.deepEqual(
      [...text.matchAll(/\n7,out,\d,#\d,(.*),M_SP/g)].map(([, tag]) => tag),
      ["'=1+1", "'+A", "'-Q0", "'@B", 'A=1', `"'=x,y"`],
    );
  });

  it('is a page of its own, in which names are text', () => {
    const page = toHtml(pointList(facts));
    assert.ok(page.includes('<h1>Point list: Sub &#60;station&#62;, common address 7</h1>'));
    assert.ok(page.includes('<td>Q0 &#60;b&#62;</td>'));
    assert.deepEqual(
      [...page.matchAll(/<h2>(.*?)<\/h2>\n<p>(.*?)<\/p>/g)].map(([, title, text]) => [title, text]),
      [
        ['1 Sent', 'Number: 2.'],
        ['2 Received', 'Number: 1.'],
      ],
    );
    assert.equal(page.includes('<script'), false);
  });

  it('leaves out what no point has', () => {
    const list = toMarkdown(pointList(factsOf({ ioa: 1, type: 'M_SP_NA_1' })));
    for (const title of ['Groups', 'Counter group', 'Period', 'Deadband', 'Feedback'])
      assert.equal(list.includes(title), false);
    assert.match(list, /2 Received\n\nNone\./);
  });
});
