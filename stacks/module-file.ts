/** What Terraform reads of a plain module. */
export const MODULE_FILE = "main.tf.json";
