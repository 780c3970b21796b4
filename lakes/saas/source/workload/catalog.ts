import { activity, cents } from "../../../sample-changes";
import type { Activity } from "../../../sample-source";
import { centsText } from "../../../sample-text";
import { MOST_STOCK } from "./shopping";

/** What a tenant's staff do: prices, stock, new products, settings. */
export const catalog: readonly Activity[] = [
  activity("change_price", 5, async (changes) => {
    const { random, now } = changes.context;
    const product = await changes.pick("core_product", "t.id::text, t.price::text", "t.price > 0");
    if (!product) return;
    const price = Math.max(99, Math.round(cents(product.price) * (0.8 + 0.45 * random.next())));
    await changes.run(
      "UPDATE core_product SET price = $2, cost = least(cost, $2), updated_at = $3 WHERE id = $1",
      [product.id, centsText(price), now()],
    );
  }),
  activity("restock", 5, async (changes) => {
    const product = await changes.pick("core_product", "t.id::text", "t.stock_quantity < 200");
    if (!product) return;
    await changes.run(
      "UPDATE core_product SET stock_quantity = stock_quantity + $2, updated_at = $3 WHERE id = $1",
      [product.id, changes.context.random.int(50, 400), changes.context.now()],
    );
  }),
  activity("launch_product", 1, async (changes) => {
    const { random, now } = changes.context;
    const model = await changes.pick("core_product", "t.id::text");
    if (!model) return;
    await changes.run(
      `INSERT INTO core_product (tenant_id, sku, name, category, description, price, cost,
         stock_quantity, created_at, updated_at)
       SELECT tenant_id, $2, left('New ' || name, 200), category, $3, abs(price) + 1, least(cost, abs(price)),
         $4, $5, $5 FROM core_product WHERE id = $1`,
      [
        model.id,
        `NEW-${random.uuid().slice(0, 8)}`,
        random.pick(["", "Größe M – «neu» 🎁", 'Tab\tand\nline break, \\ and "quotes"']),
        random.pick([0, 25, MOST_STOCK]),
        now(),
      ],
    );
  }),
  activity("discontinue_product", 1, async (changes) => {
    const product = await changes.pick("core_product", "t.id::text");
    if (!product) return;
    await changes.run(
      "UPDATE core_product SET is_active = NOT is_active, updated_at = $2 WHERE id = $1",
      [product.id, changes.context.now()],
    );
  }),
  activity("change_tenant_settings", 1, async (changes) => {
    const { random, now } = changes.context;
    const tenant = await changes.pick("core_tenant", "t.id::text");
    if (!tenant) return;
    const features = { reviews: random.chance(0.5), wishlist: random.chance(0.5) };
    await changes.run(
      `UPDATE core_tenant SET settings = jsonb_set(settings, '{features}', $2), updated_at = $3
       WHERE id = $1`,
      [tenant.id, JSON.stringify(features), now()],
    );
  }),
];
