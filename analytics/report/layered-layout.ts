/** Something in a column of a layered drawing. */
export interface LayeredItem {
  readonly id: string;
  /** Rows that it takes. */
  readonly height: number;
  /** What it is connected with in the column before. */
  readonly before: string[];
}

/** Rounds of ordering, and of moving items towards what they are connected with. */
const ROUNDS = 24;

/**
 * Places the items of a layered drawing (Sugiyama): columns are ordered by the mean place of what
 * each item is connected with, forth and back, keeping the order with the fewest crossings; then
 * every item moves as near to its connections as its neighbours let it.
 *
 * @returns the middle of each item, in rows from the top, and the rows in all
 */
export function layOut(columns: readonly (readonly LayeredItem[])[]): {
  heights: Map<string, number>;
  rows: number;
} {
  const after = new Map<string, string[]>();
  for (const { id, before } of columns.flat()) {
    for (const other of before) after.set(other, [...(after.get(other) ?? []), id]);
  }
  const linked = {
    forth: ({ before }: LayeredItem) => before,
    back: ({ id }: LayeredItem) => after.get(id) ?? [],
    both: ({ id, before }: LayeredItem) => [...before, ...(after.get(id) ?? [])],
  };
  let order = columns.map((column) => [...column]);
  let best = order;
  for (let round = 0; round < ROUNDS; round += 1) {
    order = sweep(order, round % 2 === 0 ? linked.forth : linked.back, round % 2 === 0);
    if (crossings(order) < crossings(best)) best = order;
  }
  const rows = Math.max(0, ...best.map(total));
  const heights = spread(best, rows);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const column of best) settle(column, heights, linked.both, rows);
  }
  return { heights, rows };
}

const total = (column: readonly LayeredItem[]) =>
  column.reduce((sum, { height }) => sum + height, 0);

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

type Links = (item: LayeredItem) => readonly string[];

/** Orders each column by the one that was ordered before it. */
function sweep(order: readonly LayeredItem[][], links: Links, forth: boolean): LayeredItem[][] {
  const result = order.map((column) => [...column]);
  const indexes = order.map((_, index) => index);
  for (const index of forth ? indexes : indexes.reverse()) {
    const place = places(result);
    const wanted = new Map(
      result[index]!.map((item) => {
        const others = links(item).map((id) => place.get(id)!);
        return [item.id, others.length > 0 ? mean(others) : place.get(item.id)!];
      }),
    );
    // sort is stable: items that want the same place keep their order
    result[index]!.sort((a, b) => wanted.get(a.id)! - wanted.get(b.id)!);
  }
  return result;
}

/** Places from 0 to 1, so that short and long columns compare. */
function places(order: readonly LayeredItem[][]): Map<string, number> {
  return new Map(
    order.flatMap((column) =>
      column.map(({ id }, index): [string, number] => [id, (index + 0.5) / column.length]),
    ),
  );
}

/** Pairs of lines that cross between neighbouring columns. */
function crossings(order: readonly LayeredItem[][]): number {
  const place = places(order);
  let count = 0;
  for (const column of order) {
    const lines = column.flatMap(({ id, before }) =>
      before.map((from) => [place.get(from)!, place.get(id)!] as const),
    );
    for (const [index, [from, to]] of lines.entries()) {
      for (const [otherFrom, otherTo] of lines.slice(index + 1)) {
        if ((from - otherFrom) * (to - otherTo) < 0) count += 1;
      }
    }
  }
  return count;
}

/** Every column evenly over the whole height. */
function spread(order: readonly LayeredItem[][], rows: number): Map<string, number> {
  const heights = new Map<string, number>();
  for (const column of order) {
    const gap = (rows - total(column)) / column.length;
    let top = gap / 2;
    for (const { id, height } of column) {
      heights.set(id, top + height / 2);
      top += height + gap;
    }
  }
  return heights;
}

/** Moves a column's items towards their connections; their order and distances stay kept. */
function settle(
  column: readonly LayeredItem[],
  heights: Map<string, number>,
  links: Links,
  rows: number,
): void {
  const wanted = column.map((item) => {
    const others = links(item).map((id) => heights.get(id)!);
    return others.length > 0 ? mean(others) : heights.get(item.id)!;
  });
  // once from the top and once from the bottom: the mean of the two favours neither
  const down: number[] = [];
  let free = 0;
  for (const [index, { height }] of column.entries()) {
    down.push(Math.max(wanted[index]!, free + height / 2));
    free = down[index]! + height / 2;
  }
  let limit = rows;
  const fromTop = [...down];
  for (let index = column.length - 1; index >= 0; index -= 1) {
    const { height } = column[index]!;
    fromTop[index] = Math.min(down[index]!, limit - height / 2);
    limit = fromTop[index]! - height / 2;
  }
  const fromBottom: number[] = [];
  limit = rows;
  for (let index = column.length - 1; index >= 0; index -= 1) {
    const { height } = column[index]!;
    fromBottom[index] = Math.min(wanted[index]!, limit - height / 2);
    limit = fromBottom[index]! - height / 2;
  }
  free = 0;
  for (const [index, { id, height }] of column.entries()) {
    const up = Math.max(fromBottom[index]!, free + height / 2);
    free = up + height / 2;
    heights.set(id, (fromTop[index]! + up) / 2);
  }
}
