"""What page furniture looks like: the words of menus, share buttons and comment boxes.

Certain phrases are furniture wherever they stand alone on a line; likely ones only next to
other furniture, because "Share" may be a heading or a bullet of the text itself.
"""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import category

Verdict = Literal["certain", "likely", "no"]
TailKind = Literal["comments", "related"]

# Longer lines are prose; this also bounds what the patterns below ever look at.
MAX_CHARS = 200
MAX_WORDS = 24

_NETWORK = (
    r"(?:facebook|twitter|x|linked ?in|whats ?app|e-?mail|correo(?: electr[oó]nico)?|reddit|"
    r"pinterest|tumblr|telegram|instagram|you ?tube|tik ?tok|mastodon|bluesky|threads|xing|"
    r"pocket|(?:facebook )?messenger|flipboard|slack|weibo|wechat|viber|google ?(?:\+|plus)|"
    r"rss(?: feed)?|skype|sms|digg|stumbleupon|delicious|vkontakte|print|copy link)"
)
_THING = r"(?:post|article|page|story|entry|link|blog ?post|episode|content)"
_CERTAIN = (
    # sharing
    rf"(?:click (?:here )?to |please )?(?:share|tweet|pin|e-?mail|save|print|forward|recommend)"
    rf" (?:this|it)(?: {_THING})?(?: (?:on|via|by|to|with|at|using)(?: (?:a )?(?:{_NETWORK}|"
    rf"friends?|colleagues?))?)?(?: \(opens in new window\))?",
    rf"(?:click (?:here )?to |please )?(?:share|tweet|pin|like us|follow(?: us| me)?|find us|"
    rf"join us|connect(?: with us)?|send)"
    rf" (?:on|via|by|to|in|using|through) {_NETWORK}(?:(?:,| and| or| \|)* {_NETWORK})*"
    rf"(?: \(opens in new window\))?",
    rf"(?:(?:share|tweet|post|follow) (?:on|via|by) {_NETWORK}[ ,|]*){{2,8}}",
    r"click to (?:share|print|e-?mail)\b.*",
    rf"{_NETWORK} (?:{_NETWORK} ){{1,9}}{_NETWORK}",
    r"(?:follow|like|find) us(?: on\b.*)?",
    r"(?:compartir|comparte|compártelo|compartilhar|compartilhe|condividi|delen|dela) "
    r"(?:en|no|na|em|su|op|på|por|vía|via|con)\b.*",
    rf"(?:partager|partagez)(?: (?:sur|cet article|par|ceci).*| {_NETWORK})",
    rf"auf {_NETWORK} teilen.*|(?:per|diesen|artikel) (?:e-?mail|artikel|beitrag)? ?teilen",
    r"\d[\d.,]*[km]? (?:views?|shares?|likes?|claps|followers|subscribers|reads)",
    # forums, feeds and mails that were pasted
    r"\d[\d,.]* (?:posts|replies|topics|comments|reposts|reactions|answers)\b(?: ?[•·|,] ?.*)?|"
    r"board index\b.*|(?:post|topic) reply|search this topic.*|report this post|"
    r"display posts from\b.*|sort by ?:.*|who is online|users browsing\b.*|delete cookies\b.*|"
    r"all times are\b.*",
    r"\d{1,2} ?(?:[smhdwy]|mo|yr|min|hr|hrs|mins)(?: ago)?(?: ?[•·] ?(?:edited)?)*|"
    r"\d{1,2} (?:second|minute|hour|day|week|month|year)s? ago|(?:1st|2nd|3rd\+?)(?: degree.*)?|"
    r"see translation|add a comment|most relevant",
    r"view (?:this (?:e-?mail|message) )?in (?:your )?browser.*|forwarded this e-?mail\b.*|"
    r"unsubscribe\b.*|you're (?:currently )?(?:a free subscriber|receiving this)\b.*|"
    r"upgrade to paid|get the app|start writing|update your (?:e-?mail )?preferences",
    # comments
    r"(?:leave|post|add|write|submit|make) (?:a|your) (?:reply|comment|response)\b.{0,80}",
    r"(?:no|\d+) comments?(?: (?:posted|yet|so far|on\b.*|to\b.*|»))*",
    r"(?:no|one|two|three|\d+) (?:responses?|thoughts?|repl(?:y|ies)) (?:to|on) [\"“'].*",
    r"comments? ?\(\d+\)|comments (?:are |have been )?(?:off|closed|disabled)\b.*",
    r"(?:cancel|click here to cancel|post|submit|load more) (?:reply|comments?)",
    r"your (?:e-?mail )?(?:address|email) will (?:not|never) be .*",
    r".*\brequired fields? (?:are|is) marked.*|\*? ?-? ?(?:required|mandatory) fields?",
    r"(?:please )?(?:enter|type) (?:the |this )?(?:verification|security|captcha|following) "
    r"(?:code|characters|text).*",
    r".*\bca(?:pt|tp)cha\b.*",
    r"save my name\b.*|notify me (?:of|by|when)\b.*",
    r"(?:(?:be the first|log ?in|sign in|register|you must be logged in) to) "
    r"(?:leave a |post a |add a )?(?:comment|reply|review|respond)\b.*",
    r"(?:i would like|i agree|i consent) to\b.{0,80}\b"
    r"(?:e-?mail(?:ed)?|privacy|terms|newsletters?)\b.*|read our privacy (?:notice|policy).*",
    r"tu (?:dirección de )?correo electrónico no será publicad[ao].*|"
    r"(?:deja|dejar|escribe|publicar) (?:un|tu|una|el) (?:comentario|respuesta).*|"
    r"sin comentarios|"
    r"laisser un commentaire.*|(?:kommentar (?:schreiben|hinterlassen)|schreibe einen kommentar).*|"
    r"(?:deixe|deixar) um comentário.*|lascia un commento.*",
    # subscriptions
    r"(?:please )?(?:subscribe|sign[ -]?up|register)\b(?=.*\b(?:newsletters?|mailing list|blogs?|"
    r"podcast|inbox|e-?mails?|updates|feed|rss|channel|alerts|posts|bulletin)\b).*",
    r"(?:do|would|want|don't|never|get|join|receive)\b.*\b"
    r"(?:newsletter|mailing list|(?:in|to) your inbox)\b.*",
    r"(?:our |the |free |weekly |monthly |e-?mail |e-?)*newsletters?(?: sign[ -]?up| archive)?",
    r"(?:suscr[ií]b(?:e|ete|ase|irse)|abonnez-vous|s'abonner|inscrivez-vous|subscreva|assine|"
    r"iscriviti)\b.*|newsletter (?:abonnieren|bestellen)",
    # ways to other pages
    r"(?:[«←<]+ ?)?(?:previous|next|older|newer|prev) (?:posts?|articles?|entry|entries|page|story)"
    r"\b.*",
    r"(?:entradas? (?:antiguas?|recientes?|siguientes?|anteriores?|relacionadas?)|"
    r"publicación anterior)\b.*",
    r"skip to\b.*|(?:back|return|go) to (?:the )?(?:top|home(?:page)?|blog|(?:all|main) .*)|"
    r"jump to (?:navigation|content|search|main|recipe).*|toggle (?:navigation|menu|search).*",
    r"(?:continue|keep) reading(?: .{0,80})?(?:→|»|\.\.\.|…)?|read more(?: .{0,80})?|"
    r"(?:load|show|view|see) (?:more|less|all)(?: (?:posts?|articles?|stories|comments|results))?",
    r"click here(?: (?:to|for)\b.*)?",
    r"(?:related|similar|recent|popular|latest|featured|trending|recommended|more) "
    r"(?:blog )?(?:posts?|articles?|stories|entries|news|comments|searches|content)"
    r"(?: (?:from|by|in|on|about)\b.*)?",
    r"you (?:may|might) (?:also )?(?:like|enjoy|be interested in)\b.*|"
    r"recommended for you|(?:people|others|readers) also (?:read|viewed|liked|bought)|"
    r"trending now|most (?:read|popular|viewed|shared)|(?:what to )?read next|up next",
    r"search (?:this|our) (?:blog|site|website)|search for ?:?|search results.*",
    r"(?:blog )?archives? list\b.*|blog archives?\b.*|(?:monthly )?archives ?:.*",
    r"(?:tags?|tagged|filed under|categor(?:y|ies)|labels?|posted in|topics?|etiquetas|"
    r"categorías?|schlagw[oö]rter|mots-clés) ?:(?: .*)?|"
    r"(?:filed under|tagged (?:with|as|in)|posted in)\b.*",
    r"posted by\b.*|this (?:entry|post|article) was (?:posted|written|filed|tagged|published)\b.*",
    r"bookmark the permalink.*|permalink|trackbacks?(?: .*)?|pingbacks?(?: .*)?",
    r"view (?:my |full |author |complete |the )*(?:profile|bio)\b.*|"
    r"ver (?:mi |el )?perfil\b.*|(?:view|see|read) (?:all|more) (?:posts|articles|stories) by\b.*|"
    r"more (?:posts|articles|stories|from) (?:by |the |this )*(?:author|contributor)\b.*",
    # the site and the law
    r"(?:copyright ?)?(?:©|\(c\)) ?.*|copyright (?:\d{4}|©|by)\b.*|.*\ball rights reserved\b.*",
    r"(?:privacy|cookies?) (?:policy|notice|settings|preferences|statement)(?: .*)?|"
    r"terms (?:of (?:use|service|sale)|(?:and|&) conditions)(?: .*)?|legal notice|"
    r"do not sell (?:or share )?my (?:personal )?info.*",
    r"(?:we|this (?:site|website|page)) uses? cookies\b.*|accept (?:all )?cookies|"
    r"(?:manage|reject|allow) (?:all )?cookies|cookie consent.*|by continuing to (?:use|browse).*",
    r"(?:proudly )?powered by\b.*|(?:web ?site|web|theme|site) (?:design(?:ed)?|by)\b.*|site ?map",
    r"advertisements?|sponsored(?: content| post| links?)?|ad choices",
    r"(?:member |client )?(?:log|sign) ?in(?: (?:or|/|to) .*)?|log ?out|my account|"
    r"create (?:an )?account|forgot (?:your )?password|add to (?:cart|bag|basket|wishlist)|"
    r"(?:view|shopping) cart|already (?:a member|have an account).*",
    r"(?:this page|it) was last (?:edited|modified|updated)\b.*|last (?:modified|updated) ?:.*|"
    r"(?:text|content) is available under\b.*licen[cs]e\b.*|(?:all )?rights reserved|"
    r"from \w+, the free encyclopa?edia|view (?:history|source)|toggle .{1,40} subsection|"
    r"contents ?\[?(?:hide|show|move to sidebar)\]?",
    r"no credit card (?:required|needed)\b.*|start (?:your |a |my )?free trial\b.*|"
    r"(?:book|request|get|schedule) (?:a |your )?(?:free )?demo\b.*|contact sales|"
    r"try .{1,40} (?:for )?free\b.{0,30}|(?:ready to )?get started(?: (?:for free|today|now))?|"
    r"talk to (?:us|sales|an expert)",
    r"article bookmarked|find your bookmarks\b.*|bookmark(?: this)?(?: article)?|sign up|"
    r"thank you for (?:registering|subscribing)\b.*|please refresh the page\b.*|promoted stories|"
    r"more citation formats|(?:download|export) citations?|how to cite this|current issue|"
    r"for (?:readers|authors|librarians)|make a submission|e?-?issn ?:? ?[\dx-]+",
    # reading aids and pictures
    r"a ?[+-](?: ?[|/]? ?a ?[+-]?)+|(?:increase|decrease|reset)? ?(?:font|text) size\b.*|"
    r"(?:print(?:er)?[ -]friendly|download (?:as )?(?:the |a )?pdf)\b.*",
    r"(?:was|did you find) this (?:\w+ )?(?:helpful|useful)\b.*|open in app|"
    r"member-only story|text to speech|listen to this (?:article|story)\b.*|more from\b.*",
    r"\d+[ -]?min(?:ute)?s?(?: read| de lectura| de lecture)?|\d+ min\.? lesezeit|"
    r"lesezeit\b.{0,20}|get e-?mails? (?:alerts?|updates?|about)\b.*|"
    r"(?:estimated )?read(?:ing)? time\b.*|tiempo de lectura\b.*",
    r"\[[^\]]{0,80}(?:photo|image|picture|logo|video|icon|avatar|headshot|banner)[^\]]{0,20}\]|"
    r"\[(?:chart|graph|figure|diagram|map|illustration|infographic|graphic|embed)\b[^\]]{0,100}\]",
    r"(?:photo(?:graph)?s?|image|picture|illustration)s? ?(?:credits?|courtesy|source|by|via) ?:?"
    r" .{1,80}|(?:photo|image|picture) ?: .{1,80}|.{0,80}\b(?:getty images|shutterstock|"
    r"unsplash|istock(?:photo)?|adobe stock)\b.{0,40}",
    r"page \d{1,4}(?: (?:of|/) \d{1,4})?|[-–—] ?\d{1,4} ?[-–—]",
)
_LIKELY = (
    r"home|menu|main menu|navigation|about|about us|about me|our (?:team|story|work|services)|"
    r"contact|contact us|get in touch|blogs?|news|events?|services|products|solutions|careers|"
    r"jobs|resources|podcasts?|videos?|gallery|shop|store|donate|cart|checkout|help|support|faqs?|"
    r"press|media|login|register|join|join us|subscribe|search|go|submit|send|close|open|cancel|"
    r"share|tweet|print|e-?mail|like|save|follow|reply|post|pin|pdf|rss|listen|watch|download|"
    r"next|previous|prev|older|newer|more|top|archives?|categor(?:y|ies)|tags?|topics|comments?|"
    r"name|website|social(?: networks?| media)?|ad|image|img|picture|photo|logo|avatar|icon|"
    r"inicio|buscar|siguiente|anterior|contacto|blog posts?|all posts|newsroom|insights|"
    r"accessibility|english|español|français|deutsch|português|italiano|"
    r"published|(?:last )?updated|posted|written by|"
    r"comment|restack|repost|celebrate|support|quote|report|edit|talk|tools|read|members?|"
    r"write|privacy|terms|status|teams|published in|writer for|editor for|\d[\d.,]{0,5}[km]?",
    _NETWORK,
    r"(?:older posts?|newer posts?|home|next|previous|back)(?: (?:older posts?|newer posts?|home|"
    r"next|previous|back)){1,3}",
    r"stay (?:connected|in touch|informed)|connect with us|learn more|find out more|"
    r"about the (?:blog|site)|my blog list|blog roll|blogroll|followers|contributors",
)
_COMMENTS = (
    r"(?:leave|post|add|write|submit|make) (?:a|your) (?:reply|comment|response)\b.*",
    r"(?:no|\d+) comments?\b.*|comments? ?\(\d+\)|comments (?:are )?(?:closed|off)\b.*",
    r"(?:no|one|two|three|\d+) (?:responses?|thoughts?|repl(?:y|ies)) (?:to|on) [\"“'].*",
    r"(?:deja|dejar|escribe) (?:un|tu|una) (?:comentario|respuesta).*|laisser un commentaire.*|"
    r"schreibe einen kommentar.*|(?:deixe|deixar) um comentário.*",
)
_RELATED = (
    r"(?:related|similar|recent|popular|latest|featured|trending|recommended|more) "
    r"(?:blog )?(?:posts?|articles?|stories|entries|news|content)\b.*",
    r"you (?:may|might) (?:also )?(?:like|enjoy|be interested in)\b.*|recommended for you|"
    r"most (?:read|popular|viewed|shared)|(?:what to )?read next|up next|trending now|"
    r"more from\b.*|recommended|related|read more|more on this(?: story)?",
    r"(?:previous|next|older|newer) (?:posts?|articles?|entry)\b.*|search (?:this|our) .*|"
    r"blog archives?\b.*|archives? list\b.*|filed under.*|tags?:.*|tagged (?:with|as)\b.*|"
    r"share this(?: \w+)?|view (?:my |full |author |complete )*profile\b.*",
)


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_CERTAIN_LINE = _compiled(_CERTAIN)
_LIKELY_LINE = _compiled(_LIKELY)
_COMMENTS_LINE = _compiled(_COMMENTS)
_RELATED_LINE = _compiled(_RELATED)
_TRAIL = re.compile(r"\s*(?:[|»›·•]|\s>\s|\s/\s)\s*")
_QUOTES = str.maketrans("’‘`´", "''''")


def verdict(line: str) -> Verdict:
    """Whether a line on its own is page furniture; `line` stands without its list marker."""
    if len(line) > MAX_CHARS or line.count(" ") > MAX_WORDS:
        return "no"
    plain = _plain(line)
    if _is_reaction(line):
        return "certain"
    if not plain or _CERTAIN_LINE.fullmatch(plain) or _is_trail(line):
        return "certain"
    return "likely" if _LIKELY_LINE.fullmatch(plain) else "no"


def tail_kind(line: str) -> TailKind | None:
    """Which part of a page's end the line opens: readers' comments, or ways to other pages."""
    if len(line) > MAX_CHARS:
        return None
    plain = _plain(line)
    if _COMMENTS_LINE.fullmatch(plain):
        return "comments"
    return "related" if _RELATED_LINE.fullmatch(plain) else None


def _plain(line: str) -> str:
    """The line in lower case, its white space single, without punctuation around it."""
    folded = " ".join(line.translate(_QUOTES).casefold().split())
    return folded.strip(" .:…!?*|»«<>→←-–—•#_=~")


def _is_reaction(line: str) -> bool:
    """Counts beside a picture of a heart or bubble: "❤️ 23"."""
    return (
        len(line) <= 24
        and not any(map(str.isalpha, line))
        and any(category(sign) == "So" for sign in line)
    )


def _is_trail(line: str) -> bool:
    """A breadcrumb or menu on one line: short parts, one of them a word of menus."""
    parts = [_plain(part) for part in _TRAIL.split(line)]
    if len(parts) < 2 or any(part.count(" ") > 4 for part in parts):
        return False
    known = sum(
        bool(_LIKELY_LINE.fullmatch(part) or _CERTAIN_LINE.fullmatch(part))
        for part in parts
        if part
    )
    return known >= (1 if len(parts) > 2 and _LIKELY_LINE.fullmatch(parts[0]) else 2)
