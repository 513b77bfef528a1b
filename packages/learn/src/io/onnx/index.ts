export { readOnnx } from './read.ts'
export { writeOnnx } from './write.ts'
