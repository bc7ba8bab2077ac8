import { applicationSection } from './application.js';
import { centreFunctionsSection } from './centre-functions.js';
import { CentreUsage } from './centre-usage.js';
import type { CentreFacts, StationFacts } from './facts.js';
import { functionsSection } from './functions.js';
import type { Choice, InteroperabilityList, Section } from './structure.js';
import { Usage } from './usage.js';

const struckOut = (text: string): Choice => ({ mark: 'inapplicable', text });

/**
 * The interoperability list of a controlled station in the form of clause 9 of IEC 60870-5-104: what its configuration
 * makes of what the product can do.
 */
export function interoperabilityList(facts: StationFacts): InteroperabilityList {
  const { name, commonAddress, lineNumber, balanced, port } = facts;
  const devices: readonly Choice[] = [
    { mark: 'unsupported', text: 'Controlling station definition (master)' },
    {
      mark: 'used',
      text: 'Controlled station definition (slave)',
      ...(balanced ? { remark: 'balanced: it also interrogates its partner and sends it commands' } : {}),
    },
  ];
  const originators = `answers bear the originator of the request, all else ${lineNumber} (line number)`;
  return {
    title: `Interoperability list: ${name}, common address ${commonAddress}`,
    introduction:
      'IEC 60870-5-104, clause 9. X: used in the direction of the standard; R: used in the reverse direction; ' +
      'B: used in both; o: the product can, this station is not configured for it; empty: not supported; ' +
      '–: does not apply to this companion standard.',
    sections: [
      ...connectionSections(devices, `the controlled station listens on port ${port}`),
      applicationSection(facts, new Usage(facts), originators),
      functionsSection(facts),
    ],
  };
}

/** The same of the controlling station: what its line and the station's table make of what it can do. */
export function controllingList(facts: CentreFacts): InteroperabilityList {
  const { name, commonAddress, lineNumber, ports } = facts;
  const devices: readonly Choice[] = [
    { mark: 'used', text: 'Controlling station definition (master)' },
    { mark: 'unsupported', text: 'Controlled station definition (slave)' },
  ];
  const transport = `the controlling station connects to port ${ports.join(' and, redundant, ')}`;
  return {
    title: `Interoperability list of the controlling station: ${name}, common address ${commonAddress}`,
    introduction:
      'IEC 60870-5-104, clause 9. X: used; o: the product can, by an order of a flow or where it is configured; ' +
      'empty: not supported; –: does not apply to this companion standard.',
    sections: [
      ...connectionSections(devices, transport),
      applicationSection(facts, new CentreUsage(facts), `${lineNumber} in all that is sent (line number)`),
      centreFunctionsSection(facts),
    ],
  };
}

function connectionSections(devices: readonly Choice[], transport: string): Section[] {
  return [
    {
      clause: '9.1',
      title: 'System or device',
      blocks: [
        {
          kind: 'choices',
          title: '',
          choices: [{ mark: 'unsupported', text: 'System definition' }, ...devices],
        },
      ],
    },
    {
      clause: '9.2',
      title: 'Network configuration',
      blocks: [
        {
          kind: 'choices',
          title: '',
          choices: ['Point-to-point', 'Multiple point-to-point', 'Multipoint-partyline', 'Multipoint-star'].map(
            struckOut,
          ),
        },
      ],
    },
    {
      clause: '9.3',
      title: 'Physical layer',
      blocks: [
        {
          kind: 'choices',
          title: '',
          choices: ['Transmission speed (control direction)', 'Transmission speed (monitor direction)'].map(struckOut),
        },
      ],
    },
    {
      clause: '9.4',
      title: 'Link layer',
      blocks: [
        {
          kind: 'choices',
          title: '',
          choices: ['Link transmission procedure', 'Address field of the link', 'Frame length'].map(struckOut),
        },
        {
          kind: 'choices',
          title: 'Transport interface',
          choices: [
            { mark: 'used', text: 'TCP/IP', remark: transport },
            { mark: 'used', text: 'Start and stop of data transfer (STARTDT, STOPDT), test of connections (TESTFR)' },
          ],
        },
      ],
    },
  ];
}
