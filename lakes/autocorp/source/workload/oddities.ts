import type { Activity } from "../../../sample-source";
import { workshopActivity } from "./workshop-activity";

/** What pipelines stumble over, and real applications do now and then. */
export const oddities: readonly Activity[] = [
  workshopActivity("update_repeatedly", 1, async (changes) => {
    const order = await changes.pick("sales_order", "t.order_id::text");
    if (!order) return;
    for (let step = changes.context.random.int(2, 5); step > 0; step--) {
      await changes.run(
        "UPDATE sales_order SET mileage = $2, updated_at = $3 WHERE order_id = $1",
        [order.order_id, step, changes.context.now()],
      );
    }
  }),
  workshopActivity("insert_and_delete", 1, async (changes) => {
    const { now } = changes.context;
    const [part] = await changes.run(
      `INSERT INTO auto_parts (part_number, name, unit_cost, unit_price, created_at, updated_at)
       VALUES ('TYPO', 'typo', 1, 2, $1, $1) RETURNING part_id::text`,
      [now()],
    );
    await changes.run("DELETE FROM auto_parts WHERE part_id = $1", [part?.part_id]);
  }),
  workshopActivity("renumber_order", 1, async (changes) => {
    const order = await changes.pick(
      "sales_order",
      `t.order_id::text, ((SELECT count(*) FROM sales_order_parts p WHERE p.order_id = t.order_id)
         + (SELECT count(*) FROM sales_order_services s WHERE s.order_id = t.order_id))::text AS lines`,
    );
    if (!order) return;
    await changes.run(
      `UPDATE sales_order SET order_id = nextval(pg_get_serial_sequence('sales_order', 'order_id'))
       WHERE order_id = $1`,
      [order.order_id],
    );
    changes.cascaded(Number(order.lines));
  }),
  workshopActivity("move_order_date", 1, async (changes) => {
    const order = await changes.pick("sales_order", "t.order_id::text");
    if (!order) return;
    await changes.run(
      `UPDATE sales_order SET order_date = order_date + $2::int, updated_at = $3 WHERE order_id = $1`,
      [order.order_id, changes.context.random.pick([-31, -1, 1, 31]), changes.context.now()],
    );
  }),
  workshopActivity("write_long_note", 1, async (changes) => {
    const order = await changes.pick("sales_order", "t.order_id::text");
    if (!order) return;
    const { random, now } = changes.context;
    let note = "";
    // longer than any ordinary row, so that PostgreSQL stores it out of line (TOAST)
    while (note.length < 20_000) note += `${random.uuid()} ä `;
    await changes.run("UPDATE sales_order SET notes = $2, updated_at = $3 WHERE order_id = $1", [
      order.order_id,
      note,
      now(),
    ]);
  }),
];
