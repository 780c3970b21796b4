import { z } from "zod";

/** The ARN of something of AWS, in any partition. */
export const arn = z.string().regex(/^arn:aws[a-z-]*:/, "expected an ARN");
