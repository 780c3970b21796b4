import { loadLake } from "../../../lakes/load";
import { expectedPermissions } from "../../../model/aws/lake-permissions";
import { deployedValues, role } from "../../cli/aws/deployed-values";

test("whoever deploys is expected to hold every database and all of its tables", () => {
  const { grantees } = deployedValues();
  const values = deployedValues({ grantees: { ...grantees, deployers: [role("colleague")] } });
  const { permissions } = expectedPermissions(loadLake("saas"), "dev", values);
  const own = permissions.filter(({ principal }) => principal === role("colleague"));
  for (const layer of ["bronze", "silver", "gold"]) {
    const found = own.filter(({ place }) => place === `saas_dev_${layer}`);
    const on = (table?: string) =>
      found.filter((each) => each.table === table).map(({ permission }) => permission);
    expect(on()).toEqual(["ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"]);
    expect(on("*")).toEqual(["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]);
  }
  expect(own).toHaveLength(30);
});
