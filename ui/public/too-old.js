// For browsers that cannot run the interface: in the words of their time, and in every language at once, for the
// catalogues cannot be read there. Everybody else is done after the first line.
(function () {
  var light = window.CSS && CSS.supports && CSS.supports('color', 'light-dark(#000, #fff)');
  if (light && 'noModule' in HTMLScriptElement.prototype && window.HTMLDialogElement) return;
  var told = [
    'This browser is too old for Vis-à-vis. Use a current version of Chrome, Edge, Firefox or Safari.',
    '此浏览器版本过旧，无法使用 Vis-à-vis。请使用 Chrome、Edge、Firefox 或 Safari 的最新版本。',
  ];
  for (var i = 0; i < told.length; i++) {
    var line = document.createElement('p');
    line.setAttribute('role', 'alert');
    line.appendChild(document.createTextNode(told[i]));
    document.body.insertBefore(line, document.getElementById('app'));
  }
})();
