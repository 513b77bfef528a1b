export { Anchor, type AnchorOptions, type Walk } from './anchor.ts'
export { flipNear, flipRandom, type Poisoned, plantTrigger, type Trigger, withTrigger } from './attacks.ts'
export { type SanitizedLabels, type SanitizeLabelsOptions, sanitizeLabels } from './sanitize-labels.ts'
export { type Names, SUSPECT_CODES, type Suspect, type SuspectCode } from './suspect.ts'
