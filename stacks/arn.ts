import { z } from "zod";

/** The ARN of something of AWS, in any partition. */
export const arn = z.string().regex(/^arn:aws[a-z-]*:/, "expected an ARN");

/** The ARN of a role or user; what `aws sts get-caller-identity` says of a role is a session's. */
export const principalArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\//, "expected the ARN of an IAM role or user");
