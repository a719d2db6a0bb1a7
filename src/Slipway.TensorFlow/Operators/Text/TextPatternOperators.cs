using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Onnx.Text;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators.Text;

/// <summary>Regular expressions, written anew for the engine that runs them here.</summary>
internal static class TextPatternOperators
{
    private const string Limits = "an expression that is known at conversion; no word boundaries, options inside or scripts of Unicode";

    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("RegexReplace", static call => Replace(call, StringOperators.Text(call, 1, "expression"), StringOperators.Text(call, 2, "replacement")), Limits),
        KnownOperator.Of("StaticRegexReplace", static call => Replace(call, call.Attribute("pattern", ""), call.Attribute("rewrite", "")), Limits),
        KnownOperator.Of("RegexFullMatch", static call => Match(call, StringOperators.Text(call, 1, "expression")), Limits),
        KnownOperator.Of("StaticRegexFullMatch", static call => Match(call, call.Attribute("pattern", "")), Limits),
    ];

    private static Term Replace(OperatorCall call, string pattern, string replacement) => call.Draft.TextNode(
        "TextReplace",
        [call.Tensor(0)],
        OnnxDataType.String,
        call.Tensor(0).Shape,
        NodeAttribute.Of("pattern", TextExpression.Translate(pattern)),
        NodeAttribute.Of("replacement", replacement),
        NodeAttribute.Of("global", call.Flag("replace_global", true) ? 1 : 0));

    private static Term Match(OperatorCall call, string pattern) =>
        call.Draft.TextNode("TextMatch", [call.Tensor(0)], OnnxDataType.Bool, call.Tensor(0).Shape, NodeAttribute.Of("pattern", TextExpression.Translate(pattern)));
}
