using System.Text;
using Slipway.Core;
using Slipway.Pipelines.Expressions;

namespace Slipway.Fuzz.Targets;

/// <summary>Business rules, read and compiled.</summary>
internal sealed class RulesTarget : IFuzzTarget
{
    private static readonly string[] Texts =
    [
        "decision = if probability[1] > 0.8 and amount > 10000 then \"review\" else \"approve\"",
        "total = sum(probability) / count(probability) * -2 ^ 3 % 7\nlarge = not (total >= 1e3 or amount != 5)",
        "let rate = 0.25\nfee = min(max(amount * rate, 1), 100)\nname = upper(text) + \"\\u00e9\"",
        "best = argmax(probability)\nnear = abs(amount - 3) <= 1 and text in [\"a\", \"b\"]",
    ];

    public string Name => "rules";

    public IReadOnlyList<byte[]> Seeds { get; } = [.. Texts.Select(Encoding.UTF8.GetBytes)];

    public ValueTask ReadAsync(byte[] input)
    {
        RulesProgram.Compile(Parser.ReadRules(Encoding.UTF8.GetString(input)), static name => name.Path switch
        {
            "probability" => new Variable(0, TensorDataType.Float32, -1),
            "amount" => new Variable(1, TensorDataType.Int64, 0),
            "text" => new Variable(2, TensorDataType.String, 0),
            _ => throw new SlipwayException(ErrorCode.InvalidConfiguration, $"nothing is named '{name.Path}'"),
        });
        return ValueTask.CompletedTask;
    }
}
