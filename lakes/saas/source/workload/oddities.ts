import { activity, Changes, Row } from "../../../sample-changes";
import type { Activity } from "../../../sample-source";

/** Beyond 2^53: a reader that takes ids for floating-point numbers mixes these up. */
const HUGE_ID = 9_007_199_254_740_993n;
/** Longer than any ordinary document, so that PostgreSQL stores it out of line (TOAST). */
const LARGE_BYTES = { least: 20_000, most: 200_000 };
const IS_LARGE = "pg_column_size(t.metadata) > 2000";

/** What pipelines stumble over, and real applications do now and then. */
export const oddities: readonly Activity[] = [
  activity("write_large_document", 1, async (changes) => {
    const { random, now } = changes.context;
    const table = random.pick(["core_order", "core_customer"]);
    const row = await changes.pick(table, "t.id::text");
    if (!row) return;
    await changes.run(
      `UPDATE ${table} SET metadata = metadata || $2::jsonb, updated_at = $3 WHERE id = $1`,
      [row.id, largeDocument(changes), now()],
    );
  }),
  activity("touch_large_document", 1, async (changes) => {
    const table = changes.context.random.pick(["core_order", "core_customer"]);
    const row = await changes.pickRecent(table, "t.id::text", IS_LARGE);
    if (!row) return;
    await changes.run(`UPDATE ${table} SET updated_at = $2 WHERE id = $1`, [
      row.id,
      changes.context.now(),
    ]);
  }),
  activity("reinsert_order", 1, reinsertOrder),
  activity("update_repeatedly", 1, async (changes) => {
    const order = await changes.pick("core_order", "t.id::text");
    if (!order) return;
    for (let step = changes.context.random.int(2, 5); step > 0; step--) {
      await changes.run(
        `UPDATE core_order SET metadata = metadata || jsonb_build_object('step', $2::int),
           updated_at = $3 WHERE id = $1`,
        [order.id, step, changes.context.now()],
      );
    }
  }),
  activity("insert_and_delete", 1, async (changes) => {
    const visitor = await changes.pick("core_customer", "t.id::text, t.tenant_id::text");
    if (!visitor) return;
    const { random, now } = changes.context;
    const [event] = await changes.run(
      `INSERT INTO core_event (tenant_id, customer_id, session_id, event_type, occurred_at, created_at)
       VALUES ($1, $2, $3, 'page_view', $4, $4) RETURNING id::text`,
      [visitor.tenant_id, visitor.id, random.uuid(), now()],
    );
    await changes.run("DELETE FROM core_event WHERE id = $1", [event?.id]);
  }),
  activity("purge_session", 1, async (changes) => {
    const event = await changes.pick(
      "core_event",
      "t.tenant_id::text, t.session_id::text, t.occurred_at::text",
    );
    if (!event) return;
    await changes.run(
      `DELETE FROM core_event WHERE tenant_id = $1 AND session_id = $2
         AND occurred_at BETWEEN $3::timestamptz - interval '1 day' AND $3::timestamptz + interval '1 day'`,
      [event.tenant_id, event.session_id, event.occurred_at],
    );
  }),
  activity("renumber_order", 1, async (changes) => {
    const order = await changes.pick(
      "core_order",
      "t.id::text, (SELECT count(*)::text FROM core_orderitem i WHERE i.order_id = t.id) AS items",
    );
    if (!order) return;
    await renumber(changes, "core_order", order);
    changes.cascaded(Number(order.items));
  }),
  activity("renumber_invoice", 1, async (changes) => {
    const invoice = await changes.pick("core_invoice", "t.id::text");
    if (invoice) await renumber(changes, "core_invoice", invoice);
  }),
];

/** Gives a row another key: the next one, or one that only 64 bits can hold. */
async function renumber(changes: Changes, table: string, row: Row): Promise<void> {
  const { random } = changes.context;
  const next = "nextval(pg_get_serial_sequence($2, 'id'))";
  if (random.chance(0.3)) {
    const key = HUGE_ID + BigInt(random.int(0, 2_000_000_000));
    await changes.run(
      `UPDATE ${table} SET id = $2 WHERE id = $1 AND NOT EXISTS (SELECT FROM ${table} WHERE id = $2)`,
      [row.id, key.toString()],
    );
    return;
  }
  await changes.run(`UPDATE ${table} SET id = ${next} WHERE id = $1`, [row.id, table]);
}

/** Deletes an order with its items and writes the same rows again under the same keys. */
async function reinsertOrder(changes: Changes): Promise<void> {
  const order = await changes.pick("core_order", "t.id::text, to_jsonb(t)::text AS row");
  if (!order) return;
  const items = await changes.read(
    "SELECT to_jsonb(i)::text AS row FROM core_orderitem i WHERE order_id = $1 ORDER BY id",
    [order.id],
  );
  await changes.run("DELETE FROM core_order WHERE id = $1", [order.id]);
  changes.cascaded(items.length);
  const now = changes.context.now();
  await changes.run(
    "INSERT INTO core_order SELECT r.* FROM jsonb_populate_record(NULL::core_order, $1::jsonb || jsonb_build_object('updated_at', $2::timestamptz)) r",
    [order.row, now],
  );
  for (const item of items) {
    await changes.run(
      "INSERT INTO core_orderitem SELECT r.* FROM jsonb_populate_record(NULL::core_orderitem, $1::jsonb) r",
      [item.row],
    );
  }
}

/** JSON of words that hardly compress, of 20 to 200 KB. */
function largeDocument(changes: Changes): string {
  const { random } = changes.context;
  const length = random.int(LARGE_BYTES.least, LARGE_BYTES.most);
  let notes = "";
  while (notes.length < length) notes += `${random.uuid()} ä `;
  return JSON.stringify({ notes });
}
