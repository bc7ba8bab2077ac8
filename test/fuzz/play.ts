import assert from 'node:assert/strict';
import type { Asdu } from '../../lib/asdu/asdu.js';
import type { WriteInput } from '../../lib/station/station.js';
import { checkEmpty, checkInside, hasOverflowed, parametersOf } from './inside.js';
import { COUNTED, isCountedEvent, Ledger, Order } from './ledger.js';
import { mutated, pieces } from './octets.js';
import { Peer } from './peer.js';
import { frameOctets } from './sending.js';
import type { Step } from './steps.js';
import { type Setup, World } from './world.js';

interface Client {
  readonly peer: Peer;
  readonly ledger: Ledger;
  readonly order: Order;
  /** Counted events that the server wrote, whether they have arrived or not: the number of the I-frame, common address and serial number. */
  readonly unconfirmed: { readonly frame: number; readonly ca: number; readonly serial: number }[];
}

/** The first two clients are the redundancy group. */
const GROUP_MEMBERS = 2;

/** Plays steps against a line, and looks after each whether all is as it must be. */
class Play {
  private readonly world: World;
  private readonly clients: (Client | undefined)[] = [];
  private readonly group = new Ledger(true);
  private readonly ledgers = new Map<number, Ledger>();
  /** A client that does everything right. */
  private readonly witness: Peer;
  private readonly heard: Asdu[] = [];
  private readonly untracked = new Set<string>();
  private countersReset = false;
  private connections = 0;

  constructor(setup: Setup) {
    this.world = new World(setup);
    this.world.onWrite = (station, ioa, serial) => {
      if (ioa !== COUNTED) return;
      for (const ledger of [this.group, ...this.ledgers.values()]) ledger.written(station.commonAddress, serial);
    };
    this.world.onLeave = (ca) => {
      for (const ledger of [this.group, ...this.ledgers.values()]) ledger.left(ca);
    };
    this.witness = this.peer('192.0.2.99', true, true);
    const order = new Order();
    this.witness.onStart = () => order.begin();
    this.witness.onAsdu = (asdu) => {
      this.checkOrder(order, asdu);
      this.heard.push(asdu);
      if (this.heard.length > 2000) this.heard.shift();
    };
    this.witness.start();
    this.look();
  }

  step(step: Step): void {
    this.take(step);
    this.look();
  }

  end(): void {
    this.testify();
    this.drainGroup();
    for (const client of this.clients) client?.peer.cut();
    this.look();
    void this.world.line.close();
    this.world.clock.settle();
    checkEmpty(this.world);
  }

  private take(step: Step): void {
    const { world } = this;
    switch (step.do) {
      case 'connect':
        return this.connect(step.who, step.isDiligent, step.starts);
      case 'frames':
        return this.frames(step);
      case 'octets': {
        const client = this.open(step.who);
        if (client === undefined) return;
        client.peer.isWild = true;
        this.countersReset = true;
        for (const piece of pieces(step.octets, step.cuts)) client.peer.write(piece);
        return;
      }
      case 'pass':
        world.clock.advance(step.ms);
        for (const client of this.clients) client?.peer.waited(step.ms);
        return;
      case 'write':
        for (let i = 0; i < step.count; i++)
          world.write(step.ca, step.ioa, step.status === undefined ? {} : { status: step.status });
        return;
      case 'nonsense':
        if (step.ioa === COUNTED) return;
        this.untracked.add(`${step.ca}/${step.ioa}`);
        return world.writeAnything(step.ca, { ioa: step.ioa, value: step.value, ...step.beside } as WriteInput);
      case 'command':
        for (let i = 0; i < step.count; i++) world.command(step.ca, step.ioa);
        return;
      case 'answer': {
        const { waiting } = world;
        return world.answer(waiting[waiting.length - 1 - step.which] ?? String(step.which), step.answer);
      }
      case 'leave':
        return world.leave(step.ca);
      case 'join':
        return world.join(Math.min(step.ca, world.setup.stations), step.parameters);
      case 'replace':
        return world.replace(step.ca, step.parameters);
      case 'watch':
        return world.watch(step.ca);
      case 'witness':
        return this.testify();
      default:
        return this.onClient(step);
    }
  }

  private onClient(
    step: Extract<Step, { do: 'cut' | 'end' | 'stall' | 'resume' | 'disconnect' | 'acknowledge' }>,
  ): void {
    const peer = this.open(step.who)?.peer;
    if (peer === undefined) return;
    switch (step.do) {
      case 'cut':
        return peer.cut();
      case 'end':
        return peer.own.end();
      case 'stall':
        return peer.own.pause();
      case 'resume':
        return peer.own.resume();
      case 'disconnect':
        this.world.line.disconnect(peer.remote);
        return;
      case 'acknowledge':
        return peer.acknowledge();
    }
  }

  private peer(address: string, isDiligent: boolean, answers: boolean): Peer {
    const { K, W, WT2, SSN } = parametersOf(this.world.line);
    const remote = `${address}:${40_000 + this.connections++}`;
    return new Peer(this.world.line, this.world.clock, {
      remote,
      k: K,
      w: W,
      t2: WT2,
      first: SSN,
      isDiligent,
      answers,
    });
  }

  /** The client, while it is connected. */
  private open(who: number): Client | undefined {
    const client = this.clients[who];
    return client?.peer.isClosed ? undefined : client;
  }

  private connect(who: number, isDiligent: boolean, starts: boolean): void {
    this.open(who)?.peer.cut();
    this.look();
    const peer = this.peer(`192.0.2.${who + 1}`, isDiligent, false);
    let ledger = who < GROUP_MEMBERS ? this.group : this.ledgers.get(who);
    if (ledger === undefined) {
      ledger = new Ledger(false);
      // Which of the events before its first STARTDT it gets depends on who else was there.
      for (const [ca, serials] of this.group.events) for (const serial of serials) ledger.written(ca, serial);
      this.ledgers.set(who, ledger);
    }
    const client: Client = { peer, ledger, order: new Order(), unconfirmed: [] };
    this.clients[who] = client;
    peer.onStart = () => client.order.begin();
    peer.onAsdu = (asdu) => this.heardOf(client, asdu);
    peer.onWritten = (asdu, frame) => {
      if (!isCountedEvent(asdu)) return;
      client.unconfirmed.push({ frame, ca: asdu.commonAddress, serial: asdu.objects[0]?.value ?? 0 });
    };
    if (starts) peer.start();
  }

  private heardOf(client: Client, asdu: Asdu): void {
    this.checkOrder(client.order, asdu);
    if (!isCountedEvent(asdu) || parametersOf(this.world.line).IMPI) return;
    const { commonAddress: ca, objects } = asdu;
    const serial = objects[0]?.value ?? 0;
    if (!this.talking.has(client)) {
      client.ledger.opened();
      this.talking.add(client);
    }
    client.ledger.sent(ca, serial, this.hasGaps(client));
  }

  /** Clients that have been sent a counted event. */
  private readonly talking = new WeakSet<Client>();

  private hasGaps({ peer }: Client): boolean {
    return hasOverflowed(this.world.line) || peer.isWild;
  }

  private checkOrder(order: Order, asdu: Asdu): void {
    const { clock, stations } = this.world;
    const { commonAddress: ca } = asdu;
    const isTracked = (ioa: number): boolean => !this.untracked.has(`${ca}/${ioa}`);
    order.check(asdu, stations[ca]?.zone, clock.wall(), isTracked, this.countersReset);
  }

  private frames({ who, frames, cuts, pause, mutations }: Extract<Step, { do: 'frames' }>): void {
    // Who was closed comes back, so that more arrives than is refused.
    if (this.open(who) === undefined) this.connect(who, true, true);
    const peer = this.open(who)?.peer;
    if (peer === undefined) return;
    if (mutations.length > 0) peer.isWild = true;
    // Any counter request may be a reset, and changed octets may be any request.
    this.countersReset ||= peer.isWild || frames.some((spec) => spec.frame === 'i' && spec.asdu.typeId === 101);
    const octets = frames.flatMap((spec) => [...frameOctets(peer, spec, this.world.clock.wall())]);
    peer.writePieces(pieces(mutated(Uint8Array.from(octets), mutations), cuts), () => {
      if (pause >= 0) this.world.clock.advance(pause);
    });
  }

  /** Lets everything run, and looks. */
  private look(): void {
    this.world.clock.settle();
    const peers = this.clients.flatMap((client) => client?.peer ?? []);
    for (const peer of peers) peer.settled();
    for (const client of this.clients) if (client !== undefined) this.settleLedger(client);
    assert.ok(!this.witness.isClosed, `a client that does everything right is closed: ${this.lastClose}`);
    checkInside(this.world, [this.witness, ...peers]);
  }

  private get lastClose(): string {
    return JSON.stringify(this.world.line.status.lastClose);
  }

  /**
   * What was acknowledged is confirmed for certain while the connection stands; on one that is closed it may be. An N(R) may
   * cover what the server had written and the client could not read any more.
   */
  private settleLedger({ peer, ledger, unconfirmed }: Client): void {
    const isCertain = !peer.isClosed && !peer.isWild && !peer.server.isPaused;
    const until = peer.isWild ? peer.written : peer.acknowledged;
    while (unconfirmed[0] !== undefined && unconfirmed[0].frame < until) {
      const { ca, serial } = unconfirmed[0];
      ledger.confirm(ca, serial, isCertain);
      unconfirmed.shift();
    }
  }

  /** The well-behaved client interrogates each station, and is answered. */
  private testify(): void {
    const { clock, stations } = this.world;
    this.look();
    for (const station of stations) {
      if (station === undefined) continue;
      const { commonAddress: ca } = station;
      this.heard.length = 0;
      this.witness.ask(Uint8Array.of(100, 1, 6, 3, ca & 0xff, ca >> 8, 0, 0, 0, 20));
      clock.settle();
      const answers = this.heard.filter(
        ({ typeId, originator, commonAddress }) => typeId === 100 && originator === 3 && commonAddress === ca,
      );
      assert.deepEqual(
        answers.map(({ cause, negative }) => [cause, negative]),
        [
          [7, false],
          [10, false],
        ],
        `the interrogation of ${ca} is answered`,
      );
    }
  }

  /** A last client of the group takes all that is left: no event was lost. */
  private drainGroup(): void {
    const { line } = this.world;
    if (parametersOf(line).IMPI) return;
    this.connect(0, true, true);
    this.look();
    const peer = this.clients[0]?.peer as Peer;
    for (const type of [100, 101]) {
      const qualifier = type === 100 ? 20 : 5;
      for (let ca = 1; ca <= 3; ca++)
        if (this.world.stations[ca] !== undefined) peer.ask(Uint8Array.of(type, 1, 6, 0, ca, 0, 0, 0, 0, qualifier));
    }
    this.look();
    const enabled = this.world.stations.some((station) => station !== undefined) || !parametersOf(line).SAI;
    if (enabled && !hasOverflowed(line)) assert.deepEqual(this.group.missing, [], 'no event of the group is lost');
  }
}

/** Plays a run. @throws AssertionError naming what is not as it must be, and whatever the line throws */
export function play(setup: Setup, steps: readonly Step[]): void {
  const run = new Play(setup);
  for (const step of steps) run.step(step);
  run.end();
}
