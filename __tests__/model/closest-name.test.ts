import { closestName } from "../../model/closest-name";

test.each([
  ["emial", ["name", "email", "mail"], "email"],
  ["custmer_id", ["customer_id", "order_id"], "customer_id"],
  ["id", ["ids", "no"], "ids"],
  ["created_at", ["updated", "deleted"], undefined],
  ["a", [], undefined],
])("%s among %j was meant as %s", (name, candidates, meant) => {
  expect(closestName(name, candidates)).toBe(meant);
});
