import { BUCKET_RULES } from "./bucket-rules";
import { DATA_RULES } from "./data-rules";
import { IAM_RULES } from "./iam-rules";
import type { Rule } from "./rule";
import { TAG_RULES } from "./tag-rules";

/** What no stack may do, each rule about one resource. */
export const RULES: readonly Rule[] = [...BUCKET_RULES, ...IAM_RULES, ...DATA_RULES, ...TAG_RULES];
