"""The words of the made-up broadsheets: places, things, people and sentences of our own."""

import random
from dataclasses import dataclass, field


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PLACES = _words(
    "青禾镇 柳溪乡 石桥头 南岭村 白沙洲 竹塘湾 东坡里 望湖街 枫林渡 麻田畈 云坞村 "
    "大岙镇 清水塘 桐树坪 古井巷 沙田乡 松源镇 后洋村 渔梁坝 茶亭岭 新埠头 乌石滩 "
    "北坞村 长堤街 黄泥岗 银杏里 下浦镇 双溪口 樟木桥 龙潭坑 梅园新村 金鸡岭 "
    "河西街道 高坎村 五里亭 三眼井 半山腰村 莲花洋 秋水湾 木樨巷 "
)
THINGS = _words(
    "蔬菜大棚 文化礼堂 老年食堂 充电车棚 防汛仓库 村口书屋 红薯粉作坊 公交候车亭 "
    "河道闸门 便民菜场 乡间卫生室 儿童游乐园 雨水管网 旧机床厂 水果集市 茶叶炒制间 "
    "夜间门诊 健身步道 稻鱼田 养蜂场 梨园冷库 铁匠铺 修伞摊 竹编工坊 巷口路灯 "
    "地下车库 消防水池 快递驿站 露天影院 中草药圃 古戏台 石拱桥 桑蚕房 豆腐坊 "
    "渡船码头 校门口天桥 垃圾分拣站 旧书市集 母婴候诊室 山泉水厂 "
)
WORKERS = _words(
    "管理员 养护工 售货员 村会计 护林员 校医 值班员 摊主 住户 泥瓦匠 司机 厨师 "
    "退休教师 技术员 船工 社工 "
)
FAMILY = "程桂秦施郝葛盛南于任左陶邵白祝骆闻冉鲍谷童龚樊宁柏裘"
GIVEN = "安向小之轩前舟涵萝鸣强萍远凡宁渔禾青岩松月朗佑棠知"
HEADLINES = (
    "{p}的{t}换了新模样",
    "{t}开进{p}",
    "{p}添了{n}处{t}",
    "{p} {t}有了当家人",
    "{t}夜里也亮灯",
    "一座{t}带热{p}",
    "{p}把{t}管到了细处",
    "“{t}”让{p}热闹起来",
    "{p} “{w}手艺”传了下去",
    "走，去{p}看{t}",
    "{p}用{k}办法管好{t}",
    "{t}里的{k}本账",
    "{p}：{t}盘活半条街",
    "{w}守着{t}{k}年",
    "{p}{n}户人家共用{t}",
)
KICKERS = (
    "老地方有了新用处",
    "省下的钱花在刀刃上",
    "邻里的事一起商量",
    "从图纸到开门只用半年",
    "记者跟着走了一整天",
)
DECKS = (
    "{n}户报名 {k}个班组轮流值守",
    "——{p}走访见闻",
    "年底前还要再添{k}处",
    "材料就地取 手艺当场教",
    "看得见的变化 算得清的账",
)
FIRST = (
    "{d}，记者在{p}看到，{t}已经收拾停当，{w}{s}正在核对最后一批清单。",
    "走进{p}，{t}门口排着不长的队，{w}{s}一边登记一边招呼来人。",
    "“{t}开了，我们少走{k}里路。”{p}的{w}{s}说起这件事，脸上带着笑。",
    "{d}起，{p}的{t}对外开放，头{k}天来了{n}人。",
    "{p}的{t}{d}完工，比原定日子早了{k}天，花费比预算少{n}元。",
)
SENTENCES = (
    "{w}{s}介绍，{t}前后修了{k}个月，用掉石料{n}吨。",
    "一到傍晚，附近{n}户人家都爱到这里坐一坐。",
    "为了这件事，{p}先后开了{k}次会，把意见一条条记在本子上。",
    "“原来一下雨就积水，现在鞋底都不沾泥。”{w}{s}说。",
    "据统计，今年前{k}个月，{t}一共用了{n}次，没有出过一回差错。",
    "过去要跑到{q}去办的事，如今在家门口就能办完。",
    "{s}每天早晨五点半到岗，先把门窗打开，再把地面冲洗一遍。",
    "算下来，每户一年能省{n}元，虽然不多，大家心里踏实。",
    "下一步，{p}打算把{t}再扩大一些，给{q}的人也留出位置。",
    "工具摆在墙上，谁借走了就在牌子上写名字，到月底由{w}统一清点。",
    "{q}的{w}{s}专程赶来学习，回去以后也照着样子试了{k}回。",
    "施工队把旧砖一块一块敲下来洗净，能用的全都用了回去。",
    "技术上的难处不少，光是排水坡度就改了{k}遍图纸。",
    "有人担心花钱太多，账目贴出来以后，议论声渐渐小了。",
    "这些天气温下降，{t}里加装了{n}块挡风板，老人进出都方便。",
    "记者注意到，门边的留言簿已经写满了{k}本。",
    "村里的孩子放了学，常常趴在栏杆上看{w}干活。",
    "按照约定，收入的两成留作维修，其余分给出力的人家。",
    "{s}今年{n}岁，干这一行有{k}年了，附近的人都叫他老{f}。",
    "从{q}到{p}有{k}公里，过去没有班车，如今一天往返{k}趟。",
    "材料是从{q}运来的，一车装不下，前后拉了{n}车。",
    "他说：“东西好不好，用上一年就知道。”",
    "每逢集日，这里要接待{n}多人，桌椅不够时便从{t}里搬。",
    "质量检查每月做一次，结果写在黑板上，谁都可以来看。",
    "秋收以后，{p}腾出{n}平方米的空地，准备来年再添设备。",
    "遇到拿不准的事，大家就去问{w}{s}，总能得到一个明白的答复。",
)
SIGNED = ("区农业农村局", "县融媒体中心", "镇文化站")
LABELS = ("民生", "一线", "乡村", "聚焦", "文明", "基层", "平安", "区域", "三农", "河湖")
LABEL_ENDS = ("微观察", "见闻", "进行时", "必读", "风采", "在行动", "展台", "看台", "故事", "新风")
BRIEF_LABELS = ("简讯", "短波", "一句话新闻", "简 讯", "集纳", "快讯", "本地短讯")
SECTIONS = ("要闻", "综合", "农业农村质量专版", "民生新闻", "社会", "周末", "乡镇")
PAPERS = ("田野日报", "河湾晚报", "今日青禾", "松江湾时报", "长堤日报", "双溪新闻")
ADVERTS = (
    ("旺铺招租", "临街店面{n}平方米，位置好，水电齐全", "电话：{tel}", "地址：{p}{n}号"),
    ("{p}家电城", "全场八折 送货上门", "冰箱 洗衣机 空调 样样齐", "热线：{tel}"),
    ("遗失声明", "{s}遗失身份证，号码尾数{k}，声明作废。", "联系电话：{tel}"),
    ("招聘启事", "因业务需要招聘{w}{k}名，待遇面议", "联系人：{f}女士 电话：{tel}"),
    ("{p}酒坊", "陈酿三年 只卖本地", "订购热线：{tel}", "地址：{q}街{k}号"),
    ("停水公告", "因管道检修，{d}{p}一带停水", "服务热线：{tel}", "{p}自来水公司"),
)


@dataclass
class Topic:
    """What a story is about; its words are drawn with the page's own dice."""

    dice: random.Random
    place: str
    thing: str
    used: set[str] = field(default_factory=set)

    def words(self, pattern: str) -> str:
        """A pattern with its words filled in."""
        dice = self.dice
        return pattern.format(
            p=self.place,
            t=self.thing,
            q=dice.choice([place for place in PLACES if place != self.place]),
            w=dice.choice(WORKERS),
            s=name(dice),
            f=dice.choice(FAMILY),
            n=dice.choice((dice.randint(11, 99), dice.randint(100, 990), dice.randint(1001, 9900))),
            k=dice.choice("两三四五六七八九"),
            d=f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日",
            tel=f"0{dice.randint(570, 599)}-{dice.randint(2000000, 8999999)}",
        )

    def sentence(self) -> str:
        """One more sentence; none comes twice before all came once."""
        free = [one for one in SENTENCES if one not in self.used]
        if not free:
            self.used.clear()
            free = list(SENTENCES)
        pattern = self.dice.choice(free)
        self.used.add(pattern)
        return self.words(pattern)

    def headline(self, longest: int, *, spaced: bool = False) -> str:
        """A headline of at most so many characters."""
        fitting = []
        for pattern in HEADLINES:
            text = self.words(pattern)
            if len(text) <= longest and (" " in text) >= spaced:
                fitting.append(text)
        return self.dice.choice(fitting) if fitting else f"{self.place[:2]} {self.thing[-2:]}有变"


def name(dice: random.Random) -> str:
    """A person's name."""
    return dice.choice(FAMILY) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2, 2))))
