// Says that something came in, without moving what is under the reader's eyes: the strip is brought up to date, and a
// line offers to load the page again.

const strip = document.querySelector("[data-live]");
const news = document.querySelector(".news");
const EVERY = 15_000;

async function renew(mark) {
  const seen = strip.dataset.mark;
  strip.dataset.mark = mark;
  if (seen === undefined || mark === seen) return;
  const answer = await fetch(strip.dataset.strip);
  if (!answer.ok || answer.redirected) return;
  strip.innerHTML = await answer.text();
  if (!news) return;
  news.querySelector("a").textContent = strip.dataset.news;
  news.hidden = false;
}

async function ask() {
  const answer = await fetch(`${strip.dataset.live}?once=yes`);
  if (answer.ok && !answer.redirected) renew((await answer.text()).match(/^data: (.*)$/m)?.[1] ?? "");
}

if (strip) {
  const source = new EventSource(strip.dataset.live);
  source.onmessage = (event) => renew(event.data);
  source.onerror = () => {
    // an ended stream is opened again by the browser; one that was refused is not
    if (source.readyState === EventSource.CLOSED) setInterval(ask, EVERY);
  };
}
