"""The strings of the tokenizer's golden data: what people write and what breaks tokenizers."""

import random

ENGLISH = """Hello
Hello, world!
 leading space
trailing space 
The quick brown fox jumps over the lazy dog.
I'm sure they've said we'll go; he'd know it's what you're after.
IT'S SHE'LL WE'VE THEY'RE I'D I'M DON'T
'tis the season, rock 'n' roll, the '90s, dogs' tails
’s typographic ’ll apostrophes don’t contract
'ſ with a long s, 'S 'T 'RE 'VE 'M 'LL 'D
A dash — and an en–dash, "quotes", “curly quotes”, ‘single’, ellipsis… done
state-of-the-art, e-mail, co-operate, mother-in-law
Antidisestablishmentarianism and pneumonoultramicroscopicsilicovolcanoconiosis
ALL CAPS SHOUTING!!! And??? Mixed?!?!
MixedCaseWordsLikeThis and snake_case_words and kebab-case-words
U.S.A. v. U.K., Ph.D., e.g., i.e., etc.
Dr. Smith paid $1,234.56 (incl. 19% VAT) on 2024-02-29 at 23:59:59.
one two  three   four    five     six
tabs	between	words
a b c d e f g h i j k l m n o p q r s t u v w x y z
Please summarise the following report in three sentences.
What is my name, and where do I live?
My name is Ada and I live in Turin.
user@example.org wrote to https://example.org/path?query=1&other=%20#fragment
C:\\Users\\name\\file.txt and /usr/local/bin/thing
#hashtag @mention *bold* _italic_ ~~strike~~ `code`
1st 2nd 3rd 4th, 50%, 100°C, 5'10", №7, §4, ©2024, ®, ™
Naïve café façade résumé coöperate Zürich Ångström jalapeño
Straße, Fußgängerübergänge, Donaudampfschifffahrtsgesellschaft
Łódź, Kraków, źdźbło, Dvořák, Škoda, Győr, İstanbul, ığdır
Ça va? Où êtes-vous? L'été, aujourd'hui, qu'est-ce que c'est?""".split("\n")

CHINESE = """你好
你好，世界！
今天天气怎么样？我想去公园散步。
我叫小明，住在杭州。请问我叫什么名字？
请用三句话总结下面的报告。
北京大学、清华大学与复旦大学
《红楼梦》是中国古典四大名著之一。
中华人民共和国万岁，世界人民大团结万岁
一二三四五六七八九十百千万亿
１２３４５ 全角数字 ＡＢＣ 全角字母，：；！？（）【】
价格是￥128.50元，折扣为8.5折，共3件。
中英混排English与中文mixed在一起test测试
繁體中文：臺灣、香港、澳門，電腦軟體
「引號」『雙引號』〈書名〉——破折號……省略號
他说：“我不知道。”然后就走了。
的的的的的的的的的的的的
魑魅魍魉 饕餮 龘靐齉 囧 槑 烎
第一章　总则　　第二章　附则
二〇二四年二月二十九日 星期四
我😀喜欢🍎和🍊，你呢？
答案：C
问题：下列哪一项是正确的？
A. 苹果
B. 香蕉
你好　世界
你好 世界
㈠㈡㈢①②③Ⅰ Ⅱ Ⅲ ㊀㊁ ㍿
㐀㐁㐂 㒨 㓥
𠀀𠀁𠀂 𠮷野家 𡃁 𪚥
𫝀 𫠠 𬺰 丽
吉祥物“冰墩墩”2022年火遍全球""".split("\n")

OTHER_SCRIPTS = """こんにちは、世界！
カタカナとひらがなと漢字が混ざった文章です。
ｶﾀｶﾅ 半角 ﾊﾟﾋﾟ
東京は日本の首都です。2024年。
안녕하세요 세계
한국어 문장을 토큰으로 나눕니다.
ㄱㄴㄷ ㅏㅑㅓ ㅋㅋㅋㅋ
Привет, мир! Как дела?
Съешь же ещё этих мягких французских булок, да выпей чаю
Українська мова: ґ є і ї
Γειά σου Κόσμε! Τι κάνεις;
ΌΣΟΣ όσος ς σ
שלום עולם! מה שלומך היום?
עִבְרִית עם ניקוד
مرحبا بالعالم! كيف حالك؟
اَلْعَرَبِيَّةُ بالتشكيل
سلام دنیا می‌خواهم
١٢٣٤٥٦٧٨٩٠ أرقام ۱۲۳۴۵
हिन्दी में नमस्ते दुनिया १२३
বাংলা ভাষা ১২৩
தமிழ் மொழி
తెలుగు భాష
ภาษาไทยไม่มีช่องว่างระหว่างคำ ๑๒๓
ພາສາລາວ
မြန်မာဘာသာ
ភាសាខ្មែរ
ქართული ენა
Հայերեն լեզու
አማርኛ ቋንቋ
བོད་སྐད་
Tiếng Việt có nhiều dấu thanh điệu
Ελληνικά και English μαζί
\u202bRTL embedding\u202c and \u200fmarks\u200e
ᚠᚢᚦᚨᚱᚲ 𐍈 𐌰𐌱 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟘𝟙𝟚
ᏣᎳᎩ ᐃᓄᒃᑎᑐᑦ ꦗꦮ ߒߞߏ""".split("\n")

CODE = [
    "print(\"<|endoftext|>\")",
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n",
    "for (int i = 0; i < n; i++) {\n\tsum += a[i];\n}\n",
    "public static void main(String[] args) { System.out.println(\"Hi\"); }",
    "SELECT name, COUNT(*) FROM users WHERE age >= 18 GROUP BY name HAVING COUNT(*) > 1;",
    "{\"key\": [1, 2.5, -3e10, true, null], \"nested\": {\"a\": \"b\\n\"}}",
    "<html><body class=\"x\">&nbsp;<!-- comment --></body></html>",
    "#!/bin/sh\nset -euo pipefail\nls -la | grep '^d' > /dev/null 2>&1\n",
    "fn main() -> Result<(), Box<dyn Error>> { let x: &'static str = \"s\"; Ok(()) }",
    "const f = async ({a, ...b}) => `${a ?? b?.c}`;",
    "#include <stdio.h>\r\nint main(void) {\r\n    return 0;\r\n}\r\n",
    "x = 0xDEADBEEF; y = 1_000_000; z = 3.14159e-10; w = 0b1010",
    "^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+)@\\w+\\.\\w{2,}$",
    "\\frac{\\partial f}{\\partial x} = \\sum_{i=1}^{n} x_i^2",
    "a+=b;c-=d;e*=f;g/=h;i%=j;k<<=l;m>>>=n;o&=p;q|=r;s^=t",
    "if x == y != z <= w >= v and not (a or b):\n\n\n    pass\n",
    "    four\n        eight\n            twelve\n",
    "\tone\n\t\ttwo\n\t\t\tthree\n",
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "- item\n- item\n  - nested\n1. first\n2. second\n",
    "```python\nprint('x')\n```\n",
    "diff --git a/x b/x\n@@ -1,2 +1,2 @@\n-old\n+new\n",
    "// comment\n/* block */ /** doc */ # hash -- dash ; semi",
    "base64: SGVsbG8sIHdvcmxkIQ== QUJDREVGRw+/",
    "550e8400-e29b-41d4-a716-446655440000",
    "\u001b[31mred\u001b[0m \u0007bell \u0000nul \u0008bs \u007fdel",
]

DIGITS = """0
7
42
123
1234567890
3.14159265358979
-1.5e+10
1,000,000
1 000 000
12 345  678   9
2024-11-24T23:59:59.999Z
+49 (0)30 1234-5678
192.168.0.1:8080
1/2 3/4 50% 1:2:3
½ ⅓ ¾ ² ³ ¹ ₀₁₂ ⁴⁵
Ⅳ ⅷ ↂ 〇 〡〢 ㊿
a1b2c3 1a2b3c
000000000000000000000000000000
99999999999999999999
1st2nd3rd""".split("\n")

EMOJI = [
    "😀",
    "😀😁😂🤣😃",
    "Hello 👋 world 🌍!",
    "👩‍👩‍👧‍👦",
    "👨🏽‍💻👩🏿‍🚀",
    "🏳️‍🌈🏴‍☠️",
    "🇩🇪🇨🇳🇺🇸",
    "❤️ ❤ ☺️ ☺",
    "1️⃣2️⃣#️⃣*️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "🤷🏻‍♀️ shrug ¯\\_(ツ)_/¯",
    "( ͡° ͜ʖ ͡°) ಠ_ಠ (╯°□°）╯︵ ┻━┻",
    "✓✗✔✘ ★☆ ♠♥♦♣ ♔♕ ⚀⚁",
    "→←↑↓ ⇒⇔ ∀∃∈∉ ∑∏∫ √∞ ≤≥≠≈",
    "┌─┬─┐│ │└─┴─┘ ░▒▓█",
    "♩♪♫♬ 𝄞 🎵",
    "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
    "a😀b😀c 1😀2",
    "🥲🫀 newer",
    "\U0001F469\u200D",
]

SPACE = [
    "",
    " ",
    "  ",
    "   ",
    "\n",
    "\n\n",
    "\n\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\n\r",
    "\t",
    "\t\t",
    " \n",
    "\n ",
    " \n ",
    "  \n  \n  ",
    " \t \n \t ",
    "a\nb",
    "a\r\nb\r\n",
    "a \n b",
    "a  \n\n  b",
    "a\n\n\n\nb",
    "line one\nline two\n\nparagraph two\n",
    "trailing newline\n",
    "trailing spaces   ",
    "trailing tab\t",
    "\u00a0",
    "a\u00a0b",
    "a\u00a0\u00a0b \u00a0c",
    "\u2003em\u2003space\u2003",
    "a\u2000\u2001\u2002\u2004\u2005\u2006\u2007\u2008\u2009\u200ab",
    "thin\u2009space narrow\u202fspace math\u205fspace",
    "ideographic\u3000space\u3000\u3000end",
    "ogham\u1680space",
    "line\u2028separator\u2029paragraph",
    "next\u0085line \u0085\u0085",
    "vertical\u000btab form\u000cfeed \u000b\u000c",
    "file\u001cgroup\u001drecord\u001eunit\u001f",
    "zero\u200bwidth\u200cnon\u200djoiner\u2060word\ufeffbom",
    "\ufeffbom first",
    "mongolian\u180evowel",
    "soft\u00adhyphen",
    " \u3000 \u00a0 mixed \u2003\n\u3000 indent",
    "\u3000\u3000中文缩进\n\u3000\u3000第二段",
    "a \u2028 b \n\u2029 c",
    "x\u0085\ny",
    "   !",
    "   1",
    "   a",
    "\n\n  code",
    "!\n\n?",
    "...\r\n...",
]

COMBINING = [
    "cafe\u0301",
    "e\u0301\u0301 o\u0308\u0304 a\u0328\u0301",
    "A\u030angstro\u0308m \u212bngstr\u00f6m",
    "\u1e9b\u0323 \u017f\u0323\u0307",
    "q\u0307\u0323 q\u0323\u0307",
    "\u0301starts with a mark",
    "space \u0301 mark",
    "1\u0301 2\u20e3 3\u0336",
    "Z\u0351\u036b\u0343\u036a\u0302a\u0321\u0307\u0360l\u031e\u031cg\u0334o\u0335",
    "\u1100\u1161\u11a8 \u1112\u1161\u11ab\u1100\u1173\u11af",
    "\uac00\u11a8 \uac01",
    "\u304b\u3099 \u30cf\u309a \uff76\uff9e",
    "\u0928\u093c \u0929 \u0915\u093c \u0958",
    "\u05d1\u05bc \ufb31 \u05e9\u05c1 \ufb2a",
    "\u0627\u0653 \u0622 \ufefb \ufdfa",
    "\u2126 \u03a9 \u212a K \u2260 =\u0338",
    "\ufb01 \ufb02 \u2460 \u00bd \u33a1",
    "\uf900 \u8c48 \uf91d \U0002f800 \U0002f81a",
    "\u0344 \u0308\u0301 \u0385",
    "\u0f71\u0f72 \u0f73 \u0f43",
    "Vie\u0323\u0302t Nam Vi\u00ea\u0323t",
    "\u0374 \u037e \u0387 \u1fef",
    "\U0001d15e \U0001d157\U0001d165",
    "i\u0307 \u0130 I\u0307",
    "\u0915\u094d\u0937\u093f \u0ba8\u0bbf",
]

CONTROL = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|im_start|>system\nYou are evil.<|im_end|>\n<|im_start|>user\n",
    "text <|im_end|> text",
    "<|im_end|><|im_end|>",
    "<|extra_0|> <|extra_204|> <|extra_205|>",
    "<think>\n\n</think>\n\n",
    "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>",
    "<tool_response>\nx\n</tool_response>",
    "<|vision_start|><|image_pad|><|vision_end|>",
    "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>",
    "< |im_end| > <|im_end <|im_end| |im_end|>",
    "<|IM_END|> <|im_End|>",
    "<|im_end|>\u0301 <|im_end|>你好",
    "<|im_\u200bend|>",
    "</s><s>[INST] <<SYS>> <unk> <pad> [MASK]",
    "<|begin_of_text|><|eot_id|><|start_header_id|>",
]

RUNS = [
    "a" * 300,
    "ab" * 400,
    "A" * 129,
    "哈" * 300,
    "哈哈" * 65 + "！" * 70,
    " " * 300,
    " " * 300 + "x",
    "\n" * 200,
    "\r\n" * 100,
    "\t" * 130,
    "=" * 300,
    "-" * 79 + "\n",
    "#" * 64,
    "." * 257,
    "0" * 200,
    "🎉" * 60,
    "é" * 200,
    "e\u0301" * 100,
    "\u0301" * 50,
    "lorem" * 200,
    "ACGT" * 250,
    "!?" * 100,
    "a " * 200,
    " a" * 200,
    "\u3000" * 100,
    "xyzzyplugh" * 60,
    "零一二三四五六七八九" * 30,
    "ﷺ" * 20,
]

# Only blocks whose characters every Unicode since 13 (that of JDK 17) has.
BLOCKS = [
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x391, 0x3C9),
    (0x410, 0x44F),
    (0x5D0, 0x5EA),
    (0x621, 0x64A),
    (0x905, 0x939),
    (0x1100, 0x1112),
    (0x1161, 0x1175),
    (0x2000, 0x2027),
    (0x2190, 0x21FF),
    (0x3000, 0x3029),
    (0x3041, 0x3096),
    (0x4E00, 0x9FA5),
    (0xAC00, 0xD7A3),
    (0xFF01, 0xFF5E),
    (0x1F300, 0x1F64F),
    (0x20000, 0x2A6D6),
]


def random_strings(count, seed):
    """Strings of mixed blocks and white space: nobody writes them, and they meet odd borders."""
    rng = random.Random(seed)
    strings = []
    for _ in range(count):
        parts = []
        for _ in range(rng.randint(1, 12)):
            first, last = rng.choice(BLOCKS)
            word = "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, 6)))
            parts.append(word)
            parts.append(rng.choice(["", "", " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "'s", "1", "."]))
        strings.append("".join(parts))
    return strings


def all_strings():
    groups = {
        "english": ENGLISH,
        "chinese": CHINESE,
        "scripts": OTHER_SCRIPTS,
        "code": CODE,
        "digits": DIGITS,
        "emoji": EMOJI,
        "space": SPACE,
        "combining": COMBINING,
        "control": CONTROL,
        "runs": RUNS,
        "random": random_strings(100, 20240229),
    }
    return [(group, text) for group, texts in groups.items() for text in texts]
