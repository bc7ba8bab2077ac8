import type { Node, NodeAPI, NodeStatus } from 'node-red';
import type { LineHost } from './line-host.js';
import { ThrottledStatus } from './node-status.js';
import { whenStarted } from './runtime-events.js';

/** The status of a node of a station: while the station's line is passive it says so, whatever happens besides. */
export class StationStatus extends ThrottledStatus {
  private isPassive = false;
  private last: NodeStatus = {};
  private leave = (): void => {};

  constructor(
    private readonly RED: NodeAPI,
    node: Node,
  ) {
    super(node);
  }

  /** Follows the line of a station, as soon as it is known. */
  follow(station: { readonly line: LineHost }): void {
    const attach = (): void => {
      let line: LineHost;
      try {
        line = station.line;
      } catch {
        // The station itself says what is wrong.
        return;
      }
      const look = ({ state }: { readonly state: string }): void => this.passive(state === 'passive');
      this.leave = line.watch({ changed: look, alarmed: () => {} });
      look(line.status);
    };
    this.leave = whenStarted(this.RED, attach);
  }

  override show(status: NodeStatus): void {
    this.last = status;
    if (!this.isPassive) super.show(status);
  }

  override close(): void {
    this.leave();
    super.close();
  }

  private passive(isPassive: boolean): void {
    if (this.isPassive === isPassive) return;
    this.isPassive = isPassive;
    const text = this.RED._('node-red-contrib-telecontrol/tcp-line:shared.state.passive');
    super.show(isPassive ? { fill: 'grey', shape: 'ring', text } : this.last);
  }
}
