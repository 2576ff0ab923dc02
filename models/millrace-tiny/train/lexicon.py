"""Word lists and syllable generators; every value belongs either to training or to the held-out set."""
import re
import zlib

EN = {
    "first": "Alice Anna Arthur Bella Ben Boris Carla Chloe Clara Daniel David Diana Edgar Elena Emma Erik Eva Felix Fiona "
             "Frank Grace Greta Hanna Harry Helen Henry Hugo Ida Irene Ivan Jack Jane Jonas Julia Karl Kate Laura Leo Lily Linda "
             "Lucas Maria Marta Max Mia Nadia Nina Noah Nora Olga Oliver Oscar Paul Peter Petra Rosa Ruth Sam Sara Simon "
             "Sofia Stefan Tara Theo Thomas Tom Vera Victor Viola Walter Wendy Yara Zoe".split(),
    "last": "Adler Baker Berg Brook Carter Cole Dahl Ellis Fischer Ford Fox Gray Green Hall Hansen Hart Hill Hunt Keller Kent "
            "King Lane Larsen Lind Lopez Marsh Meyer Moore Moss Novak Olsen Park Petrov Price Reed Rossi Silva Stone Swan "
            "Vogel Ward Weber West Wolf Wood Young".split(),
    "city": "Oslo Paris Rome Madrid Lisbon Berlin Vienna Prague Warsaw Dublin London Athens Cairo Tokyo Kyoto Osaka Seoul "
            "Beijing Shanghai Delhi Mumbai Sydney Perth Lima Quito Bogota Havana Boston Chicago Denver Dallas Seattle Toronto "
            "Montreal Helsinki Stockholm Bergen Geneva Zurich Milan Naples Turin Porto Seville Hamburg Munich Dresden "
            "Krakow Riga Vilnius Tallinn Budapest Zagreb Sofia Ankara Nairobi Dakar Accra Lagos Tunis".split(),
    "color": "red blue green yellow orange purple pink brown black white gray silver gold violet turquoise crimson beige "
             "indigo scarlet olive".split(),
    "food": "pizza pasta soup rice bread cheese salad curry sushi chocolate pancakes apples noodles fish chicken honey "
            "mushrooms potatoes tacos dumplings cake ice-cream beans olives tomatoes waffles porridge lasagna".split(),
    "animal": "dog cat horse rabbit parrot turtle goat fox owl bear tiger lion wolf eagle dolphin elephant panda penguin "
              "hamster squirrel camel duck hedgehog donkey".split(),
    "job": "teacher doctor nurse baker painter writer driver farmer lawyer engineer pilot gardener cook carpenter singer dentist "
           "plumber librarian photographer translator sailor electrician chemist tailor".split(),
    "hobby": "chess swimming painting running cycling fishing dancing reading cooking hiking sailing skiing singing tennis "
             "football climbing gardening photography knitting yoga pottery surfing astronomy archery".split(),
    "object": "car bike boat lamp chair table clock camera guitar piano violin phone book hat coat bag umbrella kite drum "
              "mirror tent ladder vase helmet telescope compass basket scarf".split(),
    "month": "January February March April May June July August September October November December".split(),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "shop": "bakery bookshop pharmacy garage museum restaurant library theater school clinic hotel gallery".split(),
    "goods": "bread books tools toys shoes flowers maps pens tea coffee cups lamps soap candles carpets bicycles".split(),
    "project": "bridge road tunnel harbor stadium railway airport dam hospital canal tower park market school pipeline "
               "lighthouse".split(),
    "problem": "heavy rain; a broken pump; a power cut; missing parts; a late delivery; a software error; a small fire; "
               "a strike; high prices; strong wind; a water leak; a lack of workers; a road accident; deep snow; a "
               "cracked wall; a lost permit".split("; "),
    "product": "engines batteries windows robots cables sensors pumps filters tractors wheels motors printers mirrors "
               "valves drones bottles".split(),
    "source": "the city council; the ministry; a private bank; the regional fund; a local company; the state railway; the "
              "European fund; the water board; a group of investors; the university; the port authority; the lottery"
              .split("; "),
    "vehicle": "train bus car ship plane bicycle ferry taxi tram boat".split(),
    "next": "test the lights; paint the walls; hire ten workers; check the pipes; order new steel; repair the roof; "
            "train the staff; measure the noise; plant new trees; inspect the cables; close the old gate; publish the "
            "results; install a second pump; move the office; ask for more money; build a fence".split("; "),
}

ZH = {
    "surname": list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"),
    "given": list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉秀红梅建国文辉力海波宁贵福生龙元全"
                  "胜学祥才发武新利清飞彬富顺信子彩春菊凤洁雪荣爱妹云莲真环佳嘉琼勤珍贞莉晶妍茜秋珊莎锦黛青倩婷"),
    "city": "北京 上海 广州 深圳 天津 重庆 成都 武汉 南京 杭州 西安 苏州 青岛 大连 厦门 长沙 济南 福州 昆明 哈尔滨 沈阳 郑州 合肥 "
            "南昌 贵阳 南宁 海口 兰州 银川 西宁 拉萨 太原 宁波 无锡 温州 桂林 洛阳 扬州 珠海 台北 香港 澳门".split(),
    "color": "红色 蓝色 绿色 黄色 橙色 紫色 粉色 棕色 黑色 白色 灰色 银色 金色 青色".split(),
    "food": "米饭 面条 饺子 包子 火锅 豆腐 烤鸭 苹果 西瓜 蛋糕 面包 汤圆 月饼 牛肉 鱼 虾 鸡汤 春卷 粽子 香蕉 葡萄 巧克力".split(),
    "animal": "小狗 小猫 兔子 乌龟 马 熊猫 老虎 狮子 大象 猴子 金鱼 鸽子 狐狸 松鼠 海豚 企鹅 山羊 长颈鹿".split(),
    "job": "老师 医生 护士 司机 农民 律师 工程师 画家 作家 厨师 记者 警察 歌手 演员 木匠 裁缝 飞行员 会计".split(),
    "hobby": "下棋 游泳 画画 跑步 骑车 钓鱼 跳舞 读书 做饭 爬山 唱歌 打球 滑雪 摄影 种花 写字 弹琴 听音乐".split(),
    "object": "汽车 自行车 船 台灯 椅子 桌子 钟 相机 吉他 钢琴 手机 书 帽子 大衣 书包 雨伞 风筝 镜子 帐篷 花瓶".split(),
    "month": "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月".split(),
    "day": "星期一 星期二 星期三 星期四 星期五 星期六 星期日".split(),
    "shop": "面包店 书店 药店 修车店 博物馆 饭店 图书馆 剧院 学校 诊所 旅馆 花店".split(),
    "goods": "面包 书 工具 玩具 鞋 花 地图 茶 咖啡 杯子 灯 肥皂 蜡烛 衣服".split(),
    "project": "大桥 公路 隧道 港口 体育馆 铁路 机场 水库 医院 运河 高塔 公园 市场 灯塔".split(),
    "problem": "大雨 停电 缺少零件 水泵损坏 软件错误 小火灾 大风 漏水 工人不足 交通事故 大雪 价格上涨".split(),
    "product": "发动机 电池 窗户 机器人 电线 水泵 拖拉机 轮子 打印机 镜子 玻璃瓶 手表".split(),
    "source": "市政府 教育部 一家银行 地方基金 一家公司 铁路局 水务局 一所大学 几位商人 港务局".split(),
    "vehicle": "火车 公共汽车 汽车 轮船 飞机 自行车 出租车 电车".split(),
    "next": "检查灯光 粉刷墙面 招聘工人 检查水管 购买钢材 修理屋顶 培训员工 测量噪音 种植树木 公布结果 安装水泵 搬迁办公室".split(),
}
LEXICON = {"en": EN, "zh": ZH}

# Values of these kinds are all in both sets: months and days would leave nothing to learn from.
SHARED = {"month", "day", "surname", "given", "last"}
HELD = {}
for _lang, _lists in LEXICON.items():
    for _kind, _values in _lists.items():
        _order = sorted(_values, key=lambda v: zlib.crc32((_lang + _kind + v).encode()))
        HELD[_lang, _kind] = set() if _kind in SHARED else set(_order[:max(1, len(_order) * 15 // 100)])

ONSETS = "b br c ch d dr f fr g gr h j k kl l m n p pr r s sh st t tr v w y z".split()
VOWELS = "a e i o u ai ea ia o a e i".split()
CODAS = ["", "", "", "", "n", "r", "l", "s", "m", "t", "ck", "nd", "rt"]
CITY_ENDS = "ton ville burg field ford stad port ham bridge mouth wick haven".split()


def invented(kind, value):
    """Whether an invented name belongs to the held-out set."""
    return zlib.crc32((kind + value).encode()) % 7 == 0


def strange_words(vocabulary):
    """Lower-case words and Chinese characters among the tokenizer's tokens; no held-out value is among them."""
    held = {v for values in HELD.values() for v in values}
    return {"en": sorted({t[1:] for t in vocabulary if re.fullmatch(" [A-Za-z]{3,}", t)} - held),
            "zh": sorted(t for t in vocabulary if re.fullmatch("[\u4e00-\u9fff]", t))}


class Lexicon:
    """Draws values for one language; the held-out split mixes unseen values with unseen combinations."""

    def __init__(self, lang, rng, heldout, words=None):
        """Words, by language, stand now and then in a value's place, so that any word can be remembered."""
        self.lang, self.rng, self.heldout, self.strange = lang, rng, heldout, words[lang] if words else None

    def word(self, kind):
        values, held = LEXICON[self.lang][kind], HELD[self.lang, kind]
        if self.strange and kind not in SHARED and self.rng.random() < 0.2:
            if self.lang == "zh":
                return "".join(self.rng.choice(self.strange) for _ in range(self.rng.randint(1, 3)))
            return self.rng.choice(self.strange)
        if self.heldout and held and self.rng.random() < 0.4:
            return self.rng.choice(sorted(held))
        return self.rng.choice([v for v in values if v not in held])

    def words(self, kind, count):
        seen = []
        while len(seen) < count:
            value = self.word(kind)
            if value not in seen:
                seen.append(value)
        return seen

    def _until_in_split(self, kind, make):
        while True:
            value = make()
            if invented(kind, value) == self.heldout:
                return value

    def _syllables(self, low, high):
        r = self.rng
        text = "".join(r.choice(ONSETS) + r.choice(VOWELS) + (r.choice(CODAS) if r.random() < 0.4 else "")
                       for _ in range(r.randint(low, high)))
        return text.capitalize()

    def first(self):
        if self.lang == "zh":
            return self.person()
        if self.rng.random() < 0.5:
            return self.word("first")
        return self._until_in_split("first", lambda: self._syllables(2, 3))

    def person(self):
        r = self.rng
        if self.lang == "zh":
            given = ZH["given"]
            return self._until_in_split("person", lambda: r.choice(ZH["surname"]) + "".join(
                r.choice(given) for _ in range(r.choice((1, 2, 2)))))
        last = r.choice(EN["last"]) if r.random() < 0.6 else self._syllables(1, 2)
        return self.first() + " " + last

    def city(self):
        r = self.rng
        if self.lang == "zh":
            if r.random() < 0.75:
                return self.word("city")
            return self._until_in_split("city", lambda: r.choice("东西南北新大长安平青白金石龙云江河海山") + r.choice(
                "山河江湖海川林门桥口溪泉田石阳") + r.choice("市县镇村"))
        if r.random() < 0.6:
            return self.word("city")
        return self._until_in_split("city", lambda: self._syllables(1, 2) + r.choice(CITY_ENDS))

    def number(self, low, high):
        return self._until_in_split("n", lambda: str(self.rng.randint(low, high))) if high - low > 60 else str(
            self.rng.randint(low, high))

    def get(self, kind):
        if kind in ("first", "person", "city"):
            return getattr(self, kind)()
        ranges = {"year": (1900, 2025), "small": (2, 30), "age": (18, 90), "big": (40, 999), "hour": (8, 20),
                  "room": (100, 499), "money": (2, 400)}
        return self.number(*ranges[kind]) if kind in ranges else self.word(kind)
