import { Chain, type Step } from '../match/chain.ts'
import { Search } from '../match/search.ts'
import type { ChainDraft, ContentDraft, StepDraft } from './draft.ts'
import { RuleFlaw } from './flaw.ts'

/** Makes a chain of what was read. Throws `RuleFlaw` where modifiers contradict each other. */
export function chainOf({ steps, at, absent }: ChainDraft): Chain | null {
  if (absent) {
    if (steps.length === 0) return null
    throw new RuleFlaw(
      'rule_syntax',
      'a buffer that is absent holds nothing',
      'Leave absent or what is looked for.',
      at,
    )
  }
  if (steps.length === 0) {
    throw new RuleFlaw('rule_syntax', 'nothing is looked for in the buffer', 'Put a content behind it.', at)
  }
  // What is not relative is cheaper to refuse by its size first.
  return new Chain([...steps].sort((a, b) => rank(a) - rank(b)).map(stepOf))
}

const rank = (step: StepDraft) => (step.kind === 'size' ? 0 : 1)

function stepOf(step: StepDraft): Step {
  return step.kind === 'content' ? contentStep(step) : step
}

function contentStep(draft: ContentDraft): Step {
  const { bytes, negated, nocase, at, offset, depth, distance, within } = draft
  const relative = distance !== undefined || within !== undefined
  const absolute = offset !== undefined || depth !== undefined
  if ((relative && (absolute || draft.startswith)) || (draft.startswith && absolute)) {
    const hint = 'Write startswith, or offset and depth, or distance and within.'
    throw new RuleFlaw('rule_syntax', 'the content is placed in two ways', hint, at)
  }
  if (draft.endswith && absolute && depth !== undefined) {
    throw new RuleFlaw('rule_syntax', 'endswith and depth contradict each other', 'Leave one.', at)
  }
  const length = relative ? within : draft.startswith ? bytes.length : depth
  const window = { relative, from: (relative ? distance : offset) ?? 0, length: length ?? Number.POSITIVE_INFINITY }
  return { kind: 'content', search: new Search(bytes, nocase), negated, window, atEnd: draft.endswith }
}
