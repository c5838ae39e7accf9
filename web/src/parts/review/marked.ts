// A text cut into pieces at the ends of the quotes in it, so that findings that overlap are all
// told. Places are characters (code points), as the server counts them; a string counts otherwise.

export interface Quoted {
  start: number;
  end: number;
}

export interface Piece {
  text: string;
  /** Which quotes cover it, by their place in the list. */
  quotes: number[];
  /** Those that begin here. */
  begins: number[];
}

/** The pieces of the characters `start` to `end`. */
export function pieces(
  letters: readonly string[],
  quotes: readonly Quoted[],
  start: number,
  end: number,
): Piece[] {
  const here = quotes
    .map((quote, at) => ({ at, from: Math.max(quote.start, start), to: Math.min(quote.end, end) }))
    .filter((quote) => quote.from < quote.to);
  const cuts = [...new Set([start, end, ...here.flatMap(({ from, to }) => [from, to])])];
  cuts.sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, i) => {
    const to = cuts[i + 1] ?? end;
    const covering = here.filter((quote) => quote.from <= from && quote.to >= to);
    return {
      text: letters.slice(from, to).join(""),
      quotes: covering.map((quote) => quote.at),
      begins: covering
        .filter((quote) => quote.from === from && (quotes[quote.at]?.start ?? -1) >= start)
        .map((quote) => quote.at),
    };
  });
}
