/** How `custom-elements.json` is made from the element's source; `scripts/rollup/manifest.mjs` runs it. */

const ENTRY = 'dist/define.js';

/** One module, the one that users import; and of the class only what is theirs to use. */
const published = {
  name: 'published',
  packageLinkPhase({ customElementsManifest }) {
    const declaration = customElementsManifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName);
    // Lit's own hooks are public in JavaScript only.
    const hook = ({ name }) => /^(#|render$|updated$|willUpdate$|\w+Callback$|\w+EventListener$)/.test(name);
    declaration.members = declaration.members.filter(
      (member) => !hook(member) && member.privacy !== 'private' && member.privacy !== 'protected',
    );
    // That a part of it is written down in a class of its own is nobody's concern.
    for (const item of [...declaration.members, ...declaration.attributes]) delete item.inheritedFrom;
    declaration.superclass = { name: 'LitElement', package: 'lit' };
    const { name, tagName } = declaration;
    const reference = { name, module: ENTRY };
    customElementsManifest.modules = [
      {
        kind: 'javascript-module',
        path: ENTRY,
        declarations: [declaration],
        exports: [
          { kind: 'js', name, declaration: reference },
          { kind: 'custom-element-definition', name: tagName, declaration: reference },
        ],
      },
    ];
  },
};

export default {
  globs: ['src/element/options.ts', 'src/element/face-keypoints.ts'],
  litelement: true,
  plugins: [published],
};
