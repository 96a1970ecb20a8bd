// Names of files on stdin, a line of JSON a file out: what each page and its notes show.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const modules = process.argv[2];
const found = createRequire(join(modules, "x.js")).resolve("pdfjs-dist/legacy/build/pdf.mjs");
const { getDocument, OPS, VerbosityLevel } = await import(pathToFileURL(found));
// an empty look of a note brings these along, and paints nothing
const bare = new Set([
    OPS.beginAnnotation, OPS.endAnnotation, OPS.paintFormXObjectBegin, OPS.paintFormXObjectEnd,
    OPS.save, OPS.restore, OPS.transform, OPS.dependency,
]);

async function shown(name) {
    const data = new Uint8Array(readFileSync(name));
    const task = getDocument({ data, verbosity: VerbosityLevel.ERRORS });
    const pdf = await task.promise;
    const pages = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
        const page = await pdf.getPage(number);
        const text = (await page.getTextContent()).items.map((item) => item.str).join("");
        const notes = (await page.getAnnotations()).filter((note) => note.rect[2] !== note.rect[0]);
        const seen = notes.map((note) => [note.subtype, note.rect, note.contentsObj?.str ?? ""]);
        const drawn = (await page.getOperatorList()).fnArray.filter((code) => !bare.has(code));
        pages.push([page.view, text, seen, drawn]);
    }
    await task.destroy();
    return pages;
}

for await (const name of createInterface({ input: process.stdin })) {
    try {
        console.log(JSON.stringify(await shown(name)));
    } catch {
        console.log(JSON.stringify(["refused"]));
    }
}
