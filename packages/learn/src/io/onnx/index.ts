export { writeOnnx } from './write.ts'
