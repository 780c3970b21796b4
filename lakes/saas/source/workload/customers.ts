import { activity, Changes, Row } from "../../../sample-changes";
import { Random } from "../../../sample-random";
import type { Activity } from "../../../sample-source";
import { customerMetadata, drawPerson } from "../customers";
import { drawValues, Values } from "../values";

/** What happens to customers: they come, change, are forgotten, and move between tenants. */
export const customers: readonly Activity[] = [
  activity("register_customer", 4, async (changes) => {
    const { random, now } = changes.context;
    const tenant = await changes.pick("core_tenant", "t.id::text");
    if (!tenant) return;
    const values = wordPools();
    const person = drawPerson(random.int(1, 1e9), random.pick(values.countries), values, random);
    await changes.run(
      `INSERT INTO core_customer (tenant_id, email, first_name, last_name, phone, company, city,
         country, segment, marketing_opt_in, metadata, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, 'consumer', $8, $9, $10, $10)`,
      [
        tenant.id,
        person.email,
        person.firstName,
        person.lastName,
        person.phone,
        person.city,
        person.country.code,
        random.chance(0.5),
        customerMetadata(random),
        now(),
      ],
    );
  }),
  activity("update_profile", 7, async (changes) => {
    const { random, now } = changes.context;
    const customer = await changes.pick("core_customer", "t.id::text");
    if (!customer) return;
    const [column, value] = random.pick<readonly [string, unknown]>([
      ["phone", null],
      ["phone", ""],
      ["phone", "+81 90 1234 5678"],
      ["company", ""],
      ["company", "Łódź & Søn – 株式会社 🚀"],
      ["city", null],
      ["city", "São Paulo"],
      ["marketing_opt_in", random.chance(0.5)],
      ["last_name", 'O\'Brien-"Quoted" \\ Müller'],
    ]);
    await changes.run(`UPDATE core_customer SET ${column} = $2, updated_at = $3 WHERE id = $1`, [
      customer.id,
      value,
      now(),
    ]);
  }),
  activity("move_customer", 1, moveCustomer),
];

let pools: Values | undefined;

/** Names for new customers, drawn once: they are the same whatever the workload's seed. */
function wordPools(): Values {
  return (pools ??= drawValues(new Random("workload")));
}

/** Tables whose rows of a customer carry the tenant as well. */
const OWNED_TABLES = ["core_order", "core_event", "core_subscription", "core_invoice"];

/**
 * Moves a customer to another tenant with everything that is the customer's. Items keep referring to
 * a product of their own tenant: products that the new tenant lacks are copied to it by their SKU.
 */
async function moveCustomer(changes: Changes): Promise<void> {
  const { now } = changes.context;
  const tenant = await changes.pick("core_tenant", "t.id::text");
  if (!tenant) return;
  const customer = await pickSmallCustomer(changes, tenant);
  if (!customer) return;
  const at = now();
  await copyProducts(changes, customer, tenant, at);
  await changes.run("UPDATE core_customer SET tenant_id = $2, updated_at = $3 WHERE id = $1", [
    customer.id,
    tenant.id,
    at,
  ]);
  await changes.run(
    `UPDATE core_orderitem i SET tenant_id = $2, updated_at = $3, product_id = (
       SELECT min(n.id) FROM core_product p JOIN core_product n ON n.sku = p.sku
       WHERE p.id = i.product_id AND n.tenant_id = $2)
     FROM core_order o WHERE o.id = i.order_id AND o.customer_id = $1`,
    [customer.id, tenant.id, at],
  );
  for (const table of OWNED_TABLES) {
    const stamp = table === "core_event" ? "" : ", updated_at = $3";
    const values = [customer.id, tenant.id, ...(stamp ? [at] : [])];
    await changes.run(`UPDATE ${table} SET tenant_id = $2${stamp} WHERE customer_id = $1`, values);
  }
}

/** Of a few customers of other tenants the one with the fewest orders: a move stays a small change. */
async function pickSmallCustomer(changes: Changes, tenant: Row): Promise<Row | undefined> {
  const candidates: Row[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const candidate = await changes.pick(
      "core_customer",
      "t.id::text, (SELECT count(*)::text FROM core_order o WHERE o.customer_id = t.id) AS orders",
      `t.tenant_id <> ${Number(tenant.id)}`,
    );
    if (candidate) candidates.push(candidate);
  }
  return candidates.sort((one, other) => Number(one.orders) - Number(other.orders))[0];
}

async function copyProducts(changes: Changes, customer: Row, tenant: Row, at: string) {
  await changes.run(
    `INSERT INTO core_product (tenant_id, sku, name, category, description, price, cost,
       stock_quantity, is_active, created_at, updated_at)
     SELECT $2::bigint, p.sku, p.name, p.category, p.description, p.price, p.cost, 0, p.is_active,
       $3::timestamptz, $3::timestamptz
     FROM core_product p
     WHERE p.id IN (SELECT min(q.id) FROM core_orderitem i JOIN core_order o ON o.id = i.order_id
                    JOIN core_product q ON q.id = i.product_id
                    WHERE o.customer_id = $1 GROUP BY q.sku)
       AND NOT EXISTS (SELECT FROM core_product n WHERE n.tenant_id = $2 AND n.sku = p.sku)
     ORDER BY p.id`,
    [customer.id, tenant.id, at],
  );
}
