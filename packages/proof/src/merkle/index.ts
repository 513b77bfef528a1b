export { isConsistent, rootFromInclusion } from './check.ts'
export { Frontier } from './frontier.ts'
export { EMPTY_ROOT, leafHash, nodeHash, sameHash } from './hash.ts'
export { consistencyPath, inclusionPath, rootOf, type SubtreeHash } from './prove.ts'
