import { activity, cents, Changes, Row } from "../../../sample-changes";
import type { Activity } from "../../../sample-source";
import { centsText } from "../../../sample-text";
import { PLAN_PRICES } from "../subscriptions";

const SUBSCRIPTION =
  "t.id::text, t.tenant_id::text, t.customer_id::text, t.plan, t.billing_cycle, t.currency, t.amount::text";
const RUNNING = "t.status IN ('active', 'trialing', 'past_due')";
const PLANS = Object.keys(PLAN_PRICES);

/** Subscriptions and their invoices. */
export const billing: readonly Activity[] = [
  activity("start_subscription", 2, async (changes) => {
    const { random } = changes.context;
    const customer = await changes.pick(
      "core_customer",
      "t.id::text AS customer_id, t.tenant_id::text",
    );
    if (!customer) return;
    const terms = { ...customer, id: null, billing_cycle: random.pick(["monthly", "yearly"]) };
    await subscribe(changes, { ...terms, currency: "USD" }, random.pick(PLANS));
  }),
  activity("change_plan", 2, async (changes) => {
    const { random, now } = changes.context;
    const current = await changes.pick("core_subscription", SUBSCRIPTION, RUNNING);
    if (!current) return;
    await changes.run(
      "UPDATE core_subscription SET status = 'upgraded', ended_at = greatest($2, started_at), updated_at = $2 WHERE id = $1",
      [current.id, now()],
    );
    await subscribe(changes, current, random.pick(PLANS.filter((plan) => plan !== current.plan)));
  }),
  activity("cancel_subscription", 1, async (changes) => {
    const current = await changes.pick("core_subscription", SUBSCRIPTION, RUNNING);
    if (!current) return;
    await changes.run(
      `UPDATE core_subscription SET status = 'canceled', canceled_at = greatest($2, started_at),
         ended_at = greatest($2, started_at), current_period_end = NULL, updated_at = $2 WHERE id = $1`,
      [current.id, changes.context.now()],
    );
  }),
  activity("issue_invoice", 3, async (changes) => {
    const subscription = await changes.pick(
      "core_subscription",
      SUBSCRIPTION,
      `${RUNNING} AND t.amount > 0`,
    );
    if (subscription) await invoice(changes, subscription);
  }),
  activity("pay_invoice", 6, async (changes) => {
    const { random, now } = changes.context;
    const claim = await changes.pick(
      "core_invoice",
      "t.id::text, t.amount_due::text, t.amount_paid::text",
      "t.status = 'open' AND t.amount_paid < t.amount_due",
    );
    if (!claim) return;
    const open = cents(claim.amount_due) - cents(claim.amount_paid);
    if (random.chance(0.1) && open > 1) {
      await changes.run(
        "UPDATE core_invoice SET amount_paid = amount_paid + $2, updated_at = $3 WHERE id = $1",
        [claim.id, centsText(Math.floor(open / 2)), now()],
      );
      return;
    }
    await changes.run(
      "UPDATE core_invoice SET status = 'paid', amount_paid = amount_due, paid_at = $2, updated_at = $2 WHERE id = $1",
      [claim.id, now()],
    );
  }),
];

/** Starts a subscription of the plan that follows the one given, if it has an id. */
async function subscribe(changes: Changes, terms: Row, plan: string): Promise<void> {
  const yearly = terms.billing_cycle === "yearly";
  const price = (PLAN_PRICES[plan] as number) * (yearly ? 10 : 1);
  await changes.run(
    `INSERT INTO core_subscription (tenant_id, customer_id, previous_subscription_id, plan, status,
       billing_cycle, amount, currency, started_at, current_period_end, created_at, updated_at)
     VALUES ($1, $2, $3, $4, 'active', $5, $6, $7, $8, $8::timestamptz + $9::interval, $8, $8)`,
    [
      terms.tenant_id,
      terms.customer_id,
      terms.id,
      plan,
      terms.billing_cycle,
      centsText(price),
      terms.currency,
      changes.context.now(),
      yearly ? "1 year" : "1 month",
    ],
  );
}

async function invoice(changes: Changes, subscription: Row): Promise<void> {
  const { random, now } = changes.context;
  const issuedAt = now();
  await changes.run(
    `INSERT INTO core_invoice (tenant_id, customer_id, subscription_id, invoice_number, status,
       currency, amount_due, issued_on, due_on, created_at, updated_at)
     VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $7::date + 14, $8, $8)`,
    [
      subscription.tenant_id,
      subscription.customer_id,
      subscription.id,
      `INV-L-${random.uuid().slice(0, 13)}`,
      subscription.currency,
      subscription.amount,
      issuedAt.slice(0, 10),
      issuedAt,
    ],
  );
}
