import { Random } from "../../../sample-random";
import type { Activity } from "../../../sample-source";
import { drawPerson, drawValues, type Values } from "../values";
import { workshopActivity } from "./workshop-activity";

/** What happens to customers: they come, come twice, change, and are forgotten. */
export const customers: readonly Activity[] = [
  workshopActivity("register_customer", 4, async (changes) => {
    const { random, now } = changes.context;
    const person = drawPerson(random.int(1, 1e9), wordPools(), random);
    await changes.run(
      `INSERT INTO customers (first_name, last_name, email, phone, street, city, state, postal_code,
         marketing_opt_in, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
      [
        person.firstName,
        person.lastName,
        person.email,
        person.phone,
        person.street,
        person.city,
        person.state,
        person.postalCode,
        random.chance(0.4),
        now(),
      ],
    );
  }),
  workshopActivity("register_again", 1, async (changes) => {
    const known = await changes.pick("customers", "t.customer_id::text");
    if (!known) return;
    await changes.run(
      `INSERT INTO customers (first_name, last_name, email, phone, state, created_at, updated_at)
       SELECT left(first_name, 1), last_name, upper(email), NULL, state, $2, $2
       FROM customers WHERE customer_id = $1`,
      [known.customer_id, changes.context.now()],
    );
  }),
  workshopActivity("update_customer", 7, async (changes) => {
    const { random, now } = changes.context;
    const customer = await changes.pick("customers", "t.customer_id::text");
    if (!customer) return;
    const [column, value] = random.pick<readonly [string, unknown]>([
      ["phone", null],
      ["phone", ""],
      ["phone", "(415) 555-0123 x7"],
      ["state", "Calif."],
      ["state", "texas"],
      ["city", "  SAN JOSÉ"],
      ["street", '1 O\'Brien "Square" \\ North'],
      ["email", `moved${random.int(1, 1e9)}@example.com`],
      ["marketing_opt_in", random.chance(0.5)],
      ["last_name", "Łukasiewicz-Ørsted 🚗"],
    ]);
    await changes.run(
      `UPDATE customers SET ${column} = $2, updated_at = $3 WHERE customer_id = $1`,
      [customer.customer_id, value, now()],
    );
  }),
  workshopActivity("forget_customer", 1, async (changes) => {
    const customer = await changes.pick(
      "customers",
      "t.customer_id::text",
      "NOT EXISTS (SELECT FROM sales_order o WHERE o.customer_id = t.customer_id)",
    );
    if (!customer) return;
    await changes.run("DELETE FROM customers WHERE customer_id = $1", [customer.customer_id]);
  }),
];

let pools: Values | undefined;

/** Names for new customers, drawn once: they are the same whatever the workload's seed. */
function wordPools(): Values {
  return (pools ??= drawValues(new Random("workload")));
}
