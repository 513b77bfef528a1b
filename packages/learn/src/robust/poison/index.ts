export { Anchor, type AnchorOptions, type Walk } from './anchor.ts'
export { flipNear, flipRandom, type Poisoned, plantTrigger, type Trigger, withTrigger } from './attacks.ts'
export type { LabelRemoval, LabelRemovalCode, Names } from './removal.ts'
export { type SanitizedLabels, type SanitizeLabelsOptions, sanitizeLabels } from './sanitize-labels.ts'
