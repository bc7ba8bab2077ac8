import assert from 'node:assert/strict';
import { toCsv } from '../../lib/interoperability/csv.js';
import type { InteroperabilityList } from '../../lib/interoperability/structure.js';

const list: InteroperabilityList = {
  title: 'Interoperability list: "A"',
  introduction: 'X: used; –: does not apply',
  sections: [
    {
      clause: '9.2',
      title: 'Network configuration',
      blocks: [{ kind: 'choices', title: '', choices: [{ mark: 'inapplicable', text: 'Multipoint-star' }] }],
    },
    {
      clause: '9.5',
      title: 'Application layer',
      blocks: [
        { kind: 'choices', title: 'Address', choices: [{ mark: 'used', text: 'two octets', remark: '=7' }] },
        {
          kind: 'table',
          title: 'Types',
          columns: ['', 'Type', '1', '2'],
          rows: [['o', '-30.5', 'X', '-X']],
        },
        { kind: 'text', text: 'Causes: 1, 2.' },
      ],
    },
  ],
};

describe('an interoperability list as CSV', () => {
  it('is one table: each row with its clause and title, tables with a row of their columns, no formula', () => {
    assert.deepEqual(toCsv(list).split('\r\n'), [
      '\uFEFFClause,Section,Title,Mark,Text,Remark,',
      ',,"Interoperability list: ""A""",,"X: used; –: does not apply",,',
      '9.2,Network configuration,,–,Multipoint-star,,',
      "9.5,Application layer,Address,X,two octets,'=7,",
      '9.5,Application layer,Types,,Type,1,2',
      "9.5,Application layer,Types,o,-30.5,X,'-X",
      '9.5,Application layer,,,"Causes: 1, 2.",,',
      '',
    ]);
    assert.match(toCsv(list, ';'), /\n9\.5;Application layer;Types;o;-30.5;X;'-X\r\n/);
  });
});
