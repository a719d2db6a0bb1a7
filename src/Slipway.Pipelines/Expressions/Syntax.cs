namespace Slipway.Pipelines.Expressions;

/// <summary>A piece of an expression as it was written. Immutable.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Depth">Pieces within pieces, itself counted: what walks over it goes so deep.</param>
internal abstract record Syntax(Place At, int Depth = 1);

/// <summary>A place in a text.</summary>
/// <param name="Line">Line from 1.</param>
/// <param name="Column">Column from 1.</param>
internal readonly record struct Place(int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}";
}

/// <summary>A whole number.</summary>
internal sealed record IntegerSyntax(Place At, long Value) : Syntax(At);

/// <summary>A number with a fraction or an exponent, <c>nan</c> or <c>inf</c>.</summary>
internal sealed record NumberSyntax(Place At, double Value) : Syntax(At);

/// <summary>A text in quotes.</summary>
internal sealed record TextSyntax(Place At, string Value) : Syntax(At);

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record TruthSyntax(Place At, bool Value) : Syntax(At);

/// <summary>A name, its parts joined by points.</summary>
internal sealed record NameSyntax(Place At, string Path) : Syntax(At);

/// <summary>An element of a row's vector.</summary>
internal sealed record IndexSyntax(Place At, Syntax Of, Syntax Index) : Syntax(At, 1 + Math.Max(Of.Depth, Index.Depth));

/// <summary><c>-x</c> or <c>not x</c>.</summary>
internal sealed record UnarySyntax(Place At, string Operator, Syntax Operand) : Syntax(At, 1 + Operand.Depth);

/// <summary>Two operands.</summary>
internal sealed record BinarySyntax(Place At, string Operator, Syntax Left, Syntax Right) : Syntax(At, 1 + Math.Max(Left.Depth, Right.Depth));

/// <summary><c>x in [a, b]</c>, or <c>not in</c>.</summary>
internal sealed record InSyntax(Place At, Syntax Operand, IReadOnlyList<Syntax> Choices, bool IsNot)
    : Syntax(At, 1 + Math.Max(Operand.Depth, Choices.Max(static choice => choice.Depth)));

/// <summary><c>if a then b else c</c>.</summary>
internal sealed record IfSyntax(Place At, Syntax Condition, Syntax Then, Syntax Else) : Syntax(At, 1 + Math.Max(Condition.Depth, Math.Max(Then.Depth, Else.Depth)));

/// <summary><c>let a = b in c</c>.</summary>
internal sealed record LetSyntax(Place At, string Name, Syntax Value, Syntax Body) : Syntax(At, 1 + Math.Max(Value.Depth, Body.Depth));

/// <summary>A function of some arguments.</summary>
internal sealed record CallSyntax(Place At, string Function, IReadOnlyList<Syntax> Arguments)
    : Syntax(At, 1 + Arguments.Select(static argument => argument.Depth).DefaultIfEmpty().Max());

/// <summary><c>sum(body for name in from..to)</c>: <paramref name="To"/> does not count.</summary>
internal sealed record FoldSyntax(Place At, string Function, Syntax Body, string Name, Syntax From, Syntax To)
    : Syntax(At, 1 + Math.Max(Body.Depth, Math.Max(From.Depth, To.Depth)));

/// <summary>One definition of a text of rules.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Name">What it defines.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsOutput">Whether it is an output rather than a <c>let</c>.</param>
internal sealed record Definition(Place At, string Name, Syntax Value, bool IsOutput);
