namespace Slipway.Pipelines.Tests.Expressions;

/// <summary>Expressions of any kind, from a seed: well typed over variables <c>i</c>, <c>j</c> (whole), <c>x</c>, <c>y</c> (numbers), <c>t</c> (truth) and <c>s</c> (text).</summary>
internal sealed class RandomExpressions(Random random)
{
    private readonly Stack<string> _wholes = new(["i", "j"]);

    public string Any(int depth) => random.Next(4) switch { 0 => Whole(depth), 1 => Number(depth), 2 => Truth(depth), _ => Text(depth) };

    private string Whole(int depth)
    {
        if (depth == 0)
        {
            return random.Next(20) switch { < 5 => random.Next(1, 100).ToString(), 5 => "9223372036854775807", _ => _wholes.ElementAt(random.Next(_wholes.Count)) };
        }

        switch (random.Next(9))
        {
            case 0: return $"({Whole(depth - 1)} + {Whole(depth - 1)})";
            case 1: return $"({Whole(depth - 1)} - {Whole(depth - 1)})";
            case 2: return $"({Whole(depth - 1)} * {Whole(depth - 1)})";
            case 3: return $"({Whole(depth - 1)} // {Whole(depth - 1)})";
            case 4: return $"({Whole(depth - 1)} % {Whole(depth - 1)})";
            case 5: return $"-{Whole(depth - 1)}";
            case 6: return $"(if {Truth(depth - 1)} then {Whole(depth - 1)} else {Whole(depth - 1)})";
            case 7: return $"length({Text(depth - 1)})";
            default:
                string name = $"n{_wholes.Count}";
                string value = Whole(depth - 1);
                _wholes.Push(name);
                string body = random.Next(2) == 0 ? $"(let {name} = {value} in {Whole(depth - 1)})" : $"sum({Whole(depth - 1)} for {name} in {random.Next(3)}..{random.Next(5)})";
                _wholes.Pop();
                return body;
        }
    }

    private string Number(int depth) => depth == 0 ? random.Next(4) switch { 0 => "0.5", 1 => "nan", 2 => "y", _ => "x" } : random.Next(8) switch
    {
        0 => $"({Number(depth - 1)} + {Whole(depth - 1)})",
        1 => $"({Number(depth - 1)} - {Number(depth - 1)})",
        2 => $"({Whole(depth - 1)} * {Number(depth - 1)})",
        3 => $"({Whole(depth - 1)} / {Whole(depth - 1)})",
        4 => $"min({Number(depth - 1)}, {Whole(depth - 1)})",
        5 => $"max({Number(depth - 1)}, {Number(depth - 1)})",
        6 => $"(if {Truth(depth - 1)} then {Number(depth - 1)} else {Whole(depth - 1)})",
        _ => $"abs({Number(depth - 1)})",
    };

    private string Truth(int depth) => depth == 0 ? random.Next(3) switch { 0 => "true", 1 => "false", _ => "t" } : random.Next(9) switch
    {
        0 => $"({Truth(depth - 1)} and {Truth(depth - 1)})",
        1 => $"({Truth(depth - 1)} or {Truth(depth - 1)})",
        2 => $"not {Truth(depth - 1)}",
        3 => $"({Whole(depth - 1)} {Sign()} {Number(depth - 1)})",
        4 => $"({Number(depth - 1)} {Sign()} {Number(depth - 1)})",
        5 => $"({Whole(depth - 1)} {Sign()} {Whole(depth - 1)})",
        6 => $"({Text(depth - 1)} == {Text(depth - 1)})",
        7 => $"({Text(depth - 1)} in [\"a\", \"Ab\", \"\"])",
        _ => $"missing({Number(depth - 1)})",
    };

    private string Text(int depth) => depth == 0 ? random.Next(3) switch { 0 => "\"a\"", 1 => "\"\"", _ => "s" } : random.Next(3) switch
    {
        0 => $"({Text(depth - 1)} + {Text(depth - 1)})",
        1 => $"lower({Text(depth - 1)})",
        _ => $"(if {Truth(depth - 1)} then {Text(depth - 1)} else {Text(depth - 1)})",
    };

    private string Sign() => random.Next(6) switch { 0 => "==", 1 => "!=", 2 => "<", 3 => "<=", 4 => ">", _ => ">=" };
}
