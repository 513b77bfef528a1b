import type { PayloadFault } from '../validator.ts'

/**
 * What is illegal in a Sparkplug message. Codes besides those of `PayloadFault`: `sparkplug_topic`, `sparkplug_delivery`
 * (QoS, retain, will), `sparkplug_sequence`, `sparkplug_unborn`, `sparkplug_dead`, `sparkplug_alias`, `sparkplug_metric`
 * (not of the birth, or without a name), `sparkplug_datatype`, `sparkplug_value` (missing, or beside is_null),
 * `sparkplug_timestamp`, `sparkplug_order`, `sparkplug_bdseq`, `sparkplug_rebirth`, `sparkplug_template`, `sparkplug_limit`.
 */
export interface SparkplugFault extends PayloadFault {
  /** The requirement of Sparkplug 3.0 (`tck-id-…`), else the section (`Sparkplug 6.4.1`), or an empty string for a profile's own. */
  readonly clause: string
}
