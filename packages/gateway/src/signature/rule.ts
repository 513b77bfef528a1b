export type RuleAction = 'pass' | 'drop' | 'reject' | 'alert'

/** What a rule says about itself, apart from what it looks for. */
export interface Rule {
  readonly action: RuleAction
  readonly gid: number
  readonly sid: number
  readonly rev: number
  readonly message: string
  readonly classtype: string
  /** 1 is the most urgent. */
  readonly priority: number
  readonly references: readonly { readonly scheme: string; readonly value: string }[]
  readonly metadata: readonly { readonly key: string; readonly value: string }[]
  /** Which end the attack is aimed at, where the rule says so. */
  readonly target: 'src_ip' | 'dest_ip' | null
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** A rule that fired. */
export interface Hit {
  readonly rule: Rule
  readonly action: RuleAction
  /** False where a threshold or `noalert` keeps it quiet; a drop counts all the same. */
  readonly alerts: boolean
  /** What matched, for people: buffers with an excerpt, but never a password. */
  readonly what: string
}
