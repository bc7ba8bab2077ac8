/**
 * Who takes what comes to the station of a node, by the node's id: they stay when a deploy puts another station in its place
 * and leaves them as they are, since a variable names it.
 */
export class Takers<T> {
  private readonly known = new Map<string, Set<T>>();

  of(station: string): Set<T> {
    const takers = this.known.get(station) ?? new Set<T>();
    this.known.set(station, takers);
    return takers;
  }
}
