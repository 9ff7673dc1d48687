import { CompreFace } from "@exadel/compreface-js-sdk";

const [host, port, key] = process.argv.slice(2);
const service = new CompreFace(host, port).initFaceRecognitionService(key);
await service.getFaceCollection().add("./enrol.png", "Eileen");
const found = await service.recognize("./ask.png", { limit: 1 });
console.log(found.result[0].subjects[0].subject);
