import { suggestion } from '../../config/near.ts'
import type { Draft } from './draft.ts'
import { RuleFlaw } from './flaw.ts'
import { CONTENT_KEYWORDS } from './keywords-content.ts'
import { FLOW_KEYWORDS } from './keywords-flow.ts'
import { type Keyword, META_KEYWORDS } from './keywords-meta.ts'
import { MQTT_KEYWORDS } from './keywords-mqtt.ts'
import { PCRE_KEYWORDS } from './keywords-pcre.ts'
import type { Option } from './options.ts'

const ALL: ReadonlyMap<string, Keyword> = new Map(
  Object.entries({ ...META_KEYWORDS, ...MQTT_KEYWORDS, ...CONTENT_KEYWORDS, ...PCRE_KEYWORDS, ...FLOW_KEYWORDS }),
)

/** The keywords that rules may use. */
export const KEYWORDS: readonly string[] = [...ALL.keys()]

/** Reads one option into a rule. Throws `RuleFlaw`, also for a keyword that is not known. */
export function readOption(draft: Draft, option: Option): void {
  const read = ALL.get(option.keyword)
  if (read !== undefined) return read(draft, option)
  const what = `the keyword ${JSON.stringify(option.keyword)} is not supported`
  throw new RuleFlaw('rule_keyword_unknown', what, suggestion(option.keyword, KEYWORDS), option.at)
}
