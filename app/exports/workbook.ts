/** The parts of an Excel workbook of one sheet that do not depend on its rows (ECMA-376, part 1). */

export const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const parcel = "http://schemas.openxmlformats.org/package/2006";
const part = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The places of these formats among the `cellXfs` below. */
export const style = { heading: 1, text: 2, date: 3, day: 4 };

const contentTypes = `${xml}<Types xmlns="${parcel}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="${part}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${part}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="${part}.styles+xml"/>
</Types>`;

const packageRelationships = `${xml}<Relationships xmlns="${parcel}/relationships">
<Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>`;

const workbookRelationships = `${xml}<Relationships xmlns="${parcel}/relationships">
<Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/>
</Relationships>`;

// 49 is Excel's own text format: a cell edited by hand stays text.
const styles = `${xml}<styleSheet xmlns="${spreadsheet}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="5">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>`;

export const fixedParts = [
	{ path: "[Content_Types].xml", content: [contentTypes] },
	{ path: "_rels/.rels", content: [packageRelationships] },
	{ path: "xl/_rels/workbook.xml.rels", content: [workbookRelationships] },
	{ path: "xl/styles.xml", content: [styles] },
];

/** The workbook part: the sheet's name, and the range of its filter under the hidden name that Excel looks for. */
export function workbook(sheetName: string, filterRange: string): string {
	return `${xml}<workbook xmlns="${spreadsheet}" xmlns:r="${office}">
<bookViews><workbookView/></bookViews>
<sheets><sheet name="${sheetName}" sheetId="1" r:id="rId1"/></sheets>
<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'${sheetName}'!${filterRange}</definedName></definedNames>
</workbook>`;
}
