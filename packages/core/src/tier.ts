/** A storage tier or class by the name that its service gives it (`STANDARD_IA`, `Cool`, …). */
export type StorageTier = string;
