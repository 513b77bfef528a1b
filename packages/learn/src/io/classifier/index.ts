export { kindsOf, type LearnOptions, learnTable, type Told, tellTable } from './classifier.ts'
export { type Algorithm, type ClassifyOptions, type Fitted, fitClassifier, type Inputs } from './fit.ts'
export { type ClassFigures, judge } from './judge.ts'
export { type Labels, labelsOf } from './labels.ts'
