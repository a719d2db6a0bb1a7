using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>A list without items that a loop is about to write.</summary>
internal sealed class OpenListValue(TensorListValue list) : Value
{
    public TensorListValue List => list;
}

/// <summary>Such a list with one item written.</summary>
internal sealed class ListWriteValue(OpenListValue list, Term index, Term item) : Value
{
    public OpenListValue List => list;

    public Term Index => index;

    public Term Item => item;
}
