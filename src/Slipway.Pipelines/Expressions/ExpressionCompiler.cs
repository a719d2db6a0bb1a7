using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>
/// Finds the kinds of an expression's parts and makes the nodes that compute it. What is not known yet has kind <see cref="ValueKind.Unknown"/>: then all is checked that
/// can be. Not thread-safe.
/// </summary>
/// <param name="find">The value that a name means; it refuses names that mean nothing.</param>
internal sealed class ExpressionCompiler(Func<NameSyntax, Variable> find)
{
    /// <summary>Most steps that one row may take.</summary>
    public const long MaxCost = 100_000;

    private readonly List<(string Name, ValueKind Kind, int Slot)> _locals = [];

    /// <summary>How many values have names.</summary>
    public int Slots { get; private set; }

    /// <summary>Gives a name to a value for all that is compiled afterwards.</summary>
    /// <returns>The slot that the value is to be put into.</returns>
    public int Define(string name, ValueKind kind)
    {
        _locals.Add((name, kind, Slots));
        return Slots++;
    }

    /// <summary>Compiles one expression.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, with line and column.</exception>
    public Compiled Compile(Syntax syntax)
    {
        Compiled compiled = syntax switch
        {
            IntegerSyntax whole => Compiled.Of(new ConstantNode<long>(whole.Value)),
            NumberSyntax number => Compiled.Of(new ConstantNode<double>(number.Value)),
            TextSyntax text => Compiled.Of(new ConstantNode<string>(text.Value)),
            TruthSyntax truth => Compiled.Of(new ConstantNode<bool>(truth.Value)),
            NameSyntax name => CompileName(name),
            IndexSyntax index => CompileIndex(index),
            UnarySyntax unary => CompileUnary(unary),
            BinarySyntax { Operator: "and" or "or" } join => Conditional.Join(join.At, join.Operator, Compile(join.Left), Compile(join.Right)),
            BinarySyntax { Operator: "==" or "!=" or "<" or "<=" or ">" or ">=" } compare => Operators.Compare(compare.At, compare.Operator, Compile(compare.Left), Compile(compare.Right)),
            BinarySyntax binary => Operators.Arithmetic(binary.At, binary.Operator, Compile(binary.Left), Compile(binary.Right)),
            InSyntax among => CompileIn(among),
            IfSyntax choice => Conditional.Make(choice.At, Compile(choice.Condition), Compile(choice.Then), Compile(choice.Else)),
            LetSyntax let => CompileLet(let),
            CallSyntax call => VectorOf(call) is { } vector ? VectorFunctions.Make(call, vector, Slots++) : Functions.Make(call.At, call.Function, [.. call.Arguments.Select(Compile)]),
            FoldSyntax fold => CompileFold(fold),
            _ => throw new InvalidOperationException(syntax.GetType().Name),
        };
        return compiled.Cost <= MaxCost ? compiled : throw ExpressionFailure.At(syntax.At, $"unbounded: it may take {compiled.Cost} steps for a row, and {MaxCost} are allowed");
    }

    private Compiled CompileName(NameSyntax name)
    {
        int local = _locals.FindLastIndex(one => one.Name == name.Path);
        if (local >= 0)
        {
            (string _, ValueKind kind, int slot) = _locals[local];
            return kind switch
            {
                ValueKind.Integer => Compiled.Of(new SlotNode<long>(slot)),
                ValueKind.Number => Compiled.Of(new SlotNode<double>(slot)),
                ValueKind.Truth => Compiled.Of(new SlotNode<bool>(slot)),
                ValueKind.Text => Compiled.Of(new SlotNode<string>(slot)),
                _ => new Compiled(ValueKind.Unknown, null),
            };
        }

        Variable variable = find(name);
        if (variable.Kind == ValueKind.Unknown)
        {
            return new Compiled(ValueKind.Unknown, null);
        }

        return variable.IsVector
            ? throw ExpressionFailure.At(name.At, $"'{name.Path}' has {(variable.Width < 0 ? "several" : variable.Width)} values in each row: say which, as in {name.Path}[0], or use a function of all such as max({name.Path})")
            : new Compiled(variable.Kind, VariableNodes.Read(variable, null));
    }

    private Compiled CompileIndex(IndexSyntax syntax)
    {
        Compiled index = Compile(syntax.Index);
        if (index.Kind is not (ValueKind.Integer or ValueKind.Unknown))
        {
            throw ExpressionFailure.At(syntax.Index.At, $"an index is a whole number, not {index.Kind.Word()}");
        }

        if (syntax.Of is not NameSyntax name || _locals.Exists(local => local.Name == name.Path))
        {
            throw ExpressionFailure.At(syntax.At, "only values of the pipeline have elements");
        }

        Variable variable = find(name);
        if (variable.Kind == ValueKind.Unknown)
        {
            return new Compiled(ValueKind.Unknown, null);
        }

        long width = variable.IsVector ? variable.Width : 1;
        if (ConstantOf(syntax.Index) is { } place && (place < 0 || (width >= 0 && place >= width)))
        {
            throw ExpressionFailure.At(syntax.Index.At, $"index {place} lies outside of '{name.Path}', which has {(width < 0 ? "elements from 0 on" : $"{width} in each row, from 0 to {width - 1}")}");
        }

        return new Compiled(variable.Kind, index.As<long>() is { } node ? VariableNodes.Read(variable, node) : null);
    }

    private Compiled CompileUnary(UnarySyntax unary)
    {
        Compiled operand = Compile(unary.Operand);
        if (unary.Operator == "not")
        {
            Conditional.RequireTruth(unary.At, "not", operand);
            return Compiled.Of(operand.Kind == ValueKind.Unknown ? null : Compiled.Map<bool, bool>(operand, static a => !a));
        }

        Operators.RequireNumber(unary.At, "-", operand);
        return operand.Kind switch
        {
            ValueKind.Integer => Compiled.Of(Compiled.Map<long, long>(operand, Arithmetic.Negate)),
            ValueKind.Number => Compiled.Of(Compiled.Map<double, double>(operand, static a => -a)),
            _ => operand,
        };
    }

    private Compiled CompileIn(InSyntax among)
    {
        Compiled operand = Compile(among.Operand);
        Compiled[] choices = [.. among.Choices.Select(Compile)];
        if (among.Choices.All(static choice => choice is TextSyntax) && operand.Kind == ValueKind.Text)
        {
            HashSet<string> texts = [.. among.Choices.Select(static choice => ((TextSyntax)choice).Value)];
            return Compiled.Of(Compiled.Map<string, bool>(operand, among.IsNot ? text => !texts.Contains(text) : texts.Contains));
        }

        // Equality with any of them, in turn; one node for all, as there may be thousands.
        Compiled[] equal = [.. choices.Select(choice => Operators.Compare(among.At, "==", operand, choice))];
        Compiled any = Compiled.Of(equal.Any(static one => one.Node is null)
            ? null
            : new AnyNode([.. equal.Select(static one => (Node<bool>)one.Node!)]) { Cost = equal.Sum(static one => one.Cost) + 1 });
        return among.IsNot ? Compiled.Of(any.Node is null ? null : Compiled.Map<bool, bool>(any, static a => !a)) : any;
    }

    private Compiled CompileLet(LetSyntax let)
    {
        Compiled value = Compile(let.Value);
        int slot = Define(let.Name, value.Kind);
        Compiled body = Compile(let.Body);
        _locals.RemoveAt(_locals.Count - 1);
        return value.Node switch
        {
            Node<long> node => LetNodes.Make(slot, node, body),
            Node<double> node => LetNodes.Make(slot, node, body),
            Node<bool> node => LetNodes.Make(slot, node, body),
            Node<string> node => LetNodes.Make(slot, node, body),
            _ => body with { Node = null },
        };
    }

    private Compiled CompileFold(FoldSyntax fold)
    {
        long? from = BoundOf(fold.From);
        long? to = BoundOf(fold.To);
        int slot = Define(fold.Name, ValueKind.Integer);
        Compiled body = Compile(fold.Body);
        _locals.RemoveAt(_locals.Count - 1);
        return FoldNodes.Make(fold, slot, from, to, body);
    }

    // The bound of a range; null when it will be known with the models.
    private long? BoundOf(Syntax bound)
    {
        if (ConstantOf(bound) is { } constant)
        {
            return constant;
        }

        if (bound is CallSyntax { Function: "length", Arguments: [NameSyntax name] } && !_locals.Exists(local => local.Name == name.Path))
        {
            Variable variable = find(name);
            if (variable.Kind == ValueKind.Unknown)
            {
                return null;
            }

            if (variable.Width > 0)
            {
                return variable.Width;
            }
        }

        throw ExpressionFailure.At(bound.At, "unbounded: a range is bounded by whole numbers, or by length(…) of a vector whose width the types tell");
    }

    private Variable? VectorOf(CallSyntax call) =>
        call.Arguments is [NameSyntax name] && VectorFunctions.Names.Contains(call.Function) && !_locals.Exists(local => local.Name == name.Path)
        && find(name) is { } variable && (variable.IsVector || variable.Kind == ValueKind.Unknown || !Functions.Names.Contains(call.Function) || call.Function is "min" or "max") ? variable : null;

    private static long? ConstantOf(Syntax syntax) => syntax switch
    {
        IntegerSyntax whole => whole.Value,
        UnarySyntax { Operator: "-", Operand: var operand } => -ConstantOf(operand),
        BinarySyntax { Operator: "+" } sum => ConstantOf(sum.Left) + ConstantOf(sum.Right),
        BinarySyntax { Operator: "-" } difference => ConstantOf(difference.Left) - ConstantOf(difference.Right),
        _ => null,
    };
}
