/**
 * Whether a mask covers a text: `*` stands for any characters, `?` for one; upper and lower case are the same. Never slow,
 * whatever the mask: going back to the last star is enough.
 */
export function covers(mask: string, text: string): boolean {
  const [wanted, given] = [mask.toLowerCase(), text.toLowerCase()];
  let at = 0;
  let place = 0;
  /** Behind the last star, and where what follows it was looked for. */
  let star: { readonly at: number; place: number } | undefined;
  while (place < given.length) {
    if (wanted[at] === '*') {
      star = { at: ++at, place };
    } else if (wanted[at] === '?' || wanted[at] === given[place]) {
      at++;
      place++;
    } else if (star === undefined) {
      return false;
    } else {
      at = star.at;
      place = ++star.place;
    }
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}
