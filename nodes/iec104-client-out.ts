import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ClientOrder } from '../lib/client/orders.js';
import { notSent, type Outcome } from '../lib/procedures/enquiries.js';
import { clientStationOf } from './shared/reference.js';
import { StationStatus } from './shared/station-status.js';
import { whenRunning } from './shared/successor.js';

interface Properties extends NodeDef {
  readonly station?: string;
}

export = (RED: NodeAPI): void => {
  function ClientOut(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new StationStatus(RED, this);
    let isClosed = false;
    try {
      status.follow(clientStationOf(RED, properties.station));
    } catch (error) {
      const wrong = error instanceof Error ? error.message : String(error);
      this.error(wrong);
      status.show({ fill: 'red', shape: 'ring', text: wrong });
    }
    this.on('input', (message, send, done) => {
      const tell = (outcome: Outcome, error?: Error): void => {
        const told = { ...message, payload: outcome };
        // After a deploy the node that follows tells how it ended.
        if (isClosed) return whenRunning(RED, this, (successor) => successor.send(told));
        show(outcome);
        send(told);
        done(error);
      };
      try {
        // Found anew each time: a deploy leaves the node as it is where a variable names the station.
        const host = clientStationOf(RED, properties.station);
        const { payload } = message;
        if (typeof payload !== 'object' || payload === null)
          throw new Error('the payload is no order, which is an object');
        // What else it may be, the engine knows.
        host.order(payload as ClientOrder, tell);
      } catch (error) {
        tell(notSent('input'), error instanceof Error ? error : new Error(String(error)));
      }
    });
    this.on('close', (done: () => void) => {
      isClosed = true;
      status.close();
      done();
    });

    function show({ ok, reason }: Outcome): void {
      const text = RED._(ok ? 'outcome.ok' : `outcome.${reason}`);
      status.show({ fill: ok ? 'green' : 'red', shape: 'dot', text });
    }
  }

  RED.nodes.registerType('iec104-client-out', ClientOut);
};
