import { cents } from "../../../sample-changes";
import type { Activity } from "../../../sample-source";
import { centsText } from "../../../sample-text";
import { serviceCode } from "../services";
import { workshopActivity } from "./workshop-activity";

/** What the workshops' staff do: prices, stock, new and withdrawn parts and services. */
export const catalogue: readonly Activity[] = [
  workshopActivity("change_part_price", 5, async (changes) => {
    const { random, now } = changes.context;
    const part = await changes.pick(
      "auto_parts",
      "t.part_id::text, t.unit_price::text",
      "t.unit_price > 0",
    );
    if (!part) return;
    const price = Math.max(10, Math.round(cents(part.unit_price) * (0.85 + 0.35 * random.next())));
    await changes.run("UPDATE auto_parts SET unit_price = $2, updated_at = $3 WHERE part_id = $1", [
      part.part_id,
      centsText(price),
      now(),
    ]);
  }),
  workshopActivity("receive_stock", 6, async (changes) => {
    const part = await changes.pick("auto_parts", "t.part_id::text", "t.stock_quantity < 100000");
    if (!part) return;
    await changes.run(
      "UPDATE auto_parts SET stock_quantity = stock_quantity + $2, updated_at = $3 WHERE part_id = $1",
      [part.part_id, changes.context.random.int(5, 60), changes.context.now()],
    );
  }),
  workshopActivity("change_part_cost", 2, async (changes) => {
    const part = await changes.pick("auto_parts", "t.part_id::text, t.unit_cost::text");
    if (!part) return;
    const cost = Math.round(cents(part.unit_cost) * (0.9 + 0.2 * changes.context.random.next()));
    await changes.run("UPDATE auto_parts SET unit_cost = $2, updated_at = $3 WHERE part_id = $1", [
      part.part_id,
      centsText(cost),
      changes.context.now(),
    ]);
  }),
  workshopActivity("launch_part", 1, async (changes) => {
    const { random, now } = changes.context;
    await changes.run(
      `INSERT INTO auto_parts (part_number, name, category, manufacturer, unit_cost, unit_price,
         stock_quantity, reorder_level, created_at, updated_at)
       VALUES ($1, $2, $3, NULL, $4, $5, 0, $6, $7, $7)`,
      [
        `NEW-${random.uuid().slice(0, 8)}`,
        random.pick(["Wiper Blade", "Größe M – Keilriemen", 'Bulb "bright"\twhite']),
        random.pick(["Electrical", "engine ", null]),
        centsText(random.int(100, 9_000)),
        centsText(random.int(9_100, 20_000)),
        random.int(0, 20),
        now(),
      ],
    );
  }),
  workshopActivity("withdraw_part", 1, async (changes) => {
    const part = await changes.pick("auto_parts", "t.part_id::text");
    if (!part) return;
    await changes.run("DELETE FROM auto_parts WHERE part_id = $1", [part.part_id]);
  }),
  workshopActivity("change_service_price", 3, async (changes) => {
    const { random, now } = changes.context;
    const service = await changes.pick(
      "service",
      "t.service_id::text, t.price::text",
      "t.price > 0",
    );
    if (!service) return;
    const price = Math.max(100, Math.round(cents(service.price) * (0.9 + 0.25 * random.next())));
    await changes.run(
      "UPDATE service SET price = $2, is_active = $3, updated_at = $4 WHERE service_id = $1",
      [service.service_id, centsText(price), random.chance(0.9), now()],
    );
  }),
  workshopActivity("launch_service", 1, async (changes) => {
    const { random, now } = changes.context;
    const [next] = await changes.read(
      "SELECT nextval(pg_get_serial_sequence('service', 'service_id'))::text AS id",
    );
    const id = next?.id ?? "";
    await changes.run(
      `INSERT INTO service (service_id, service_code, name, category, labor_hours, labor_cost, price,
         created_at, updated_at) VALUES ($1, $2, $3, $4, 1.5, 63.00, $5, $6, $6)`,
      [
        id,
        serviceCode(id),
        random.pick(["Charge Battery", "Align Wheels", "Clean Injectors"]),
        random.pick(["Electrical", "tires", "Engine"]),
        centsText(random.int(6_500, 30_000)),
        now(),
      ],
    );
    await changes.run(
      `INSERT INTO service_parts (service_id, part_id, quantity, created_at, updated_at)
       SELECT $1, part_id, 1, $2, $2 FROM auto_parts ORDER BY part_id DESC LIMIT 3`,
      [id, now()],
    );
  }),
  workshopActivity("change_needed_part", 2, async (changes) => {
    const { random, now } = changes.context;
    const service = await changes.pick("service", "t.service_id::text");
    if (!service) return;
    const needs = await changes.read(
      "SELECT part_id::text FROM service_parts WHERE service_id = $1 ORDER BY part_id FOR UPDATE",
      [service.service_id],
    );
    if (needs.length === 0) return;
    const key = [service.service_id, random.pick(needs).part_id];
    if (random.chance(0.3)) {
      await changes.run("DELETE FROM service_parts WHERE service_id = $1 AND part_id = $2", key);
      return;
    }
    await changes.run(
      "UPDATE service_parts SET quantity = $3, updated_at = $4 WHERE service_id = $1 AND part_id = $2",
      [...key, random.int(1, 6), now()],
    );
  }),
];
